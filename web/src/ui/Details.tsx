import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Item, itemPath, type PointCollection, type Unit, unitPath } from '../api.ts';
import type { Config } from '../config.ts';
import type { Controller } from '../controller.ts';
import { fill, formatWhen, type Lang, labelOf, messages, plural } from '../i18n/index.ts';
import { webLink } from '../links.ts';
import { markerSvg, svgUrl } from '../map/icons.ts';
import { type Details, type Loaded, mainUnit, type State } from '../state.ts';

interface Props {
  config: Config;
  state: State;
  controller: Controller;
}

/**
 * The card beside the map: the levels of a point, one item, or a list. An item and a list take the focus and give it
 * back; the levels of a point are spoken instead, so that a walk over the map by keyboard is not broken off.
 */
export function DetailsCard({ config, state, controller }: Props) {
  const { details, lang } = state;
  const text = messages(lang);
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef<Element | null>(null);
  const subject = details && (details.kind === 'item' ? details.id : details.kind);

  useEffect(() => {
    if (subject === null) {
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
      before.current = null;
    } else {
      if (!heading.current?.closest('.card')?.contains(document.activeElement)) {
        before.current = document.activeElement;
      }
      if (subject !== 'place') heading.current?.focus();
    }
  }, [subject]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) controller.close();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [controller]);

  return (
    <>
      <p class="unseen" aria-live="polite">
        {details?.kind === 'place' && spoken(lang, details.units)}
      </p>
      {details && (
        <section class="card" aria-labelledby="card-title">
          <div class="card-top">
            <h2 id="card-title" tabIndex={-1} ref={heading}>
              {title(lang, details)}
            </h2>
            <button type="button" class="close" aria-label={text.close} onClick={() => controller.close()}>
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="m3 3 10 10M13 3 3 13" />
              </svg>
            </button>
          </div>
          {details.kind === 'place' && (
            <>
              <p class="coordinates">{coordinates(lang, details.at)}</p>
              <Units lang={lang} units={details.units} controller={controller} />
            </>
          )}
          {details.kind === 'item' && (
            <ItemBody config={config} lang={lang} details={details} controller={controller} />
          )}
          {details.kind === 'list' && <ListBody lang={lang} details={details} controller={controller} />}
        </section>
      )}
    </>
  );
}

function title(lang: Lang, details: Details): string {
  const text = messages(lang);
  if (details.kind === 'item') return details.name || details.id;
  if (details.kind === 'list') return text[details.title];
  const main = details.units.state === 'ready' ? mainUnit(details.units.value) : null;
  return main?.name ?? text.levelsHere;
}

function spoken(lang: Lang, units: Loaded<Unit[]>): string {
  const text = messages(lang);
  if (units.state === 'loading') return text.loading;
  if (units.state === 'failed') return text.lookupFailed;
  if (units.value.length === 0) return text.noLevels;
  const names = units.value.toReversed().map((unit) => `${levelName(lang, unit)} ${unit.name}`);
  return `${plural(lang, text.unitCount, units.value.length)}${lang === 'fr' ? ' : ' : ': '}${names.join(', ')}`;
}

const levelName = (lang: Lang, unit: Unit) => messages(lang).level[unit.level as 1] ?? String(unit.level);

function coordinates(lang: Lang, [lon, lat]: [number, number]): string {
  const format = new Intl.NumberFormat(lang, { minimumFractionDigits: 5, maximumFractionDigits: 5 });
  return lang === 'fr'
    ? `lat. ${format.format(lat)} · lon. ${format.format(lon)}`
    : `lat ${format.format(lat)} · lon ${format.format(lon)}`;
}

/** Shows what is there, or says that it is on its way or could not be read. */
function Ready<T>({
  lang,
  what,
  failed,
  children,
}: {
  lang: Lang;
  what: Loaded<T>;
  failed: string;
  children: (value: T) => ComponentChildren;
}) {
  if (what.state === 'loading') return <p class="loading">{messages(lang).loading}</p>;
  if (what.state === 'ready') return <>{children(what.value)}</>;
  return (
    <p class="failed" role="alert">
      {failed} {what.why && <small>({what.why})</small>}
    </p>
  );
}

/** From country to neighbourhood, each with its code and a link. Pointing at one outlines it on the map. */
function Units({ lang, units, controller }: { lang: Lang; units: Loaded<Unit[]>; controller: Controller }) {
  const text = messages(lang);
  return (
    <Ready lang={lang} what={units} failed={text.lookupFailed}>
      {(value) =>
        value.length === 0 ? (
          <p>{text.noLevels}</p>
        ) : (
          <ol class="units">
            {value.map((unit) => (
              <li key={unit.id}>
                <a
                  href={unitPath(unit.id)}
                  onMouseEnter={() => controller.map?.outline(unit)}
                  onFocus={() => controller.map?.outline(unit)}
                >
                  <span class="unit-level">{levelName(lang, unit)}</span>
                  <span class="unit-name">{unit.name}</span>
                  {unit.code && (
                    <span class="unit-code">
                      <span class="unseen">{text.code} </span>
                      {unit.code}
                    </span>
                  )}
                </a>
              </li>
            ))}
          </ol>
        )
      }
    </Ready>
  );
}

function ItemBody({
  config,
  lang,
  details,
  controller,
}: {
  config: Config;
  lang: Lang;
  details: Details & { kind: 'item' };
  controller: Controller;
}) {
  const text = messages(lang);
  const path = itemPath(details.collection, details.id);
  const example =
    details.item.state === 'ready' ? details.item.value.properties.example === true : details.example;
  return (
    <>
      {example && <p class="badge">{text.example}</p>}
      <Ready lang={lang} what={details.item} failed={text.itemFailed}>
        {({ properties }) => (
          <ItemFacts config={config} lang={lang} collection={details.collection} properties={properties} />
        )}
      </Ready>
      {details.units && (
        <>
          <h3>{text.levelsOf}</h3>
          <Units lang={lang} units={details.units} controller={controller} />
        </>
      )}
      <p>
        <a href={path}>{text.record}</a>
      </p>
    </>
  );
}

function ItemFacts({
  config,
  lang,
  collection,
  properties,
}: {
  config: Config;
  lang: Lang;
  collection: PointCollection;
  properties: Item['properties'];
}) {
  const text = messages(lang);
  const codes = Array.isArray(properties.themes) ? properties.themes.map(String) : [];
  const site = webLink(properties.url);
  const when = collection === 'events' ? formatWhen(lang, properties) : '';
  const facts: [string, unknown][] = [
    [text.when, when],
    [text.address, properties.address],
    [text.source, properties.source],
    [text.licence, properties.licence],
  ];
  return (
    <>
      <p class="kind">
        {labelOf(text.kind, properties.kind)}
        {properties.status === 'cancelled' && <strong class="badge">{text.cancelled}</strong>}
      </p>
      {codes.length > 0 && (
        <ul class="tags" aria-label={text.themes}>
          {codes.map((code) => {
            const theme = config.themes.find((known) => known.code === code);
            return (
              <li key={code}>
                {theme && <img src={svgUrl(markerSvg('actor', theme.colour, theme.icon))} alt="" />}
                {theme?.label[lang] ?? code}
              </li>
            );
          })}
        </ul>
      )}
      {typeof properties.description === 'string' && <p class="description">{properties.description}</p>}
      <dl class="facts">
        {facts.map(
          ([name, value]) =>
            typeof value === 'string' &&
            value !== '' && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
        {site && (
          <div>
            <dt>{text.website}</dt>
            <dd>
              <a href={site} rel="noopener noreferrer nofollow" target="_blank">
                {new URL(site).host}
              </a>
            </dd>
          </div>
        )}
      </dl>
      {properties.precision === 'municipality' && <p class="help">{text.precisionMunicipality}</p>}
    </>
  );
}

function ListBody({
  lang,
  details,
  controller,
}: {
  lang: Lang;
  details: Details & { kind: 'list' };
  controller: Controller;
}) {
  const text = messages(lang);
  return (
    <>
      {details.parts.length === 0 && <p>{text.listNone}</p>}
      {details.parts.map((part) => (
        <section key={part.collection} aria-label={text[part.collection]}>
          <h3>{text[part.collection]}</h3>
          <Ready lang={lang} what={part.items} failed={text.listFailed}>
            {({ features, total }) =>
              features.length === 0 ? (
                <p>{text.listNone}</p>
              ) : (
                <>
                  <p class="help">
                    {total > features.length
                      ? fill(lang, text.listPart, { shown: features.length, total })
                      : plural(lang, text.resultCount, total)}
                  </p>
                  <ul class="items">
                    {features.map((item) => (
                      <li key={item.id}>
                        <button type="button" onClick={() => controller.open(part.collection, item)}>
                          <span>
                            {String(item.properties.name ?? item.id)}
                            {item.properties.example === true && <span class="badge">{text.example}</span>}
                          </span>
                          <small>
                            {labelOf(text.kind, item.properties.kind)}
                            {part.collection === 'events' && ` · ${formatWhen(lang, item.properties)}`}
                          </small>
                        </button>
                      </li>
                    ))}
                  </ul>
                  {total > features.length && (
                    <p>
                      <a href={part.href}>{text.allAsTable}</a>
                    </p>
                  )}
                </>
              )
            }
          </Ready>
        </section>
      ))}
    </>
  );
}
