import { itemPath } from '../../api/features.ts';
import type { Item, PointCollection } from '../../api/types.ts';
import { formatWhen, labelOf } from '../../i18n/index.ts';
import { webLink } from '../../links.ts';
import type { Details } from '../../state/state.ts';
import { useApp } from '../context.ts';
import { Icon } from '../Icon.tsx';
import { Ready } from '../Ready.tsx';
import { ThemeSign } from '../ThemeSign.tsx';
import { Units } from './Units.tsx';

/** The longest description that is shown whole; the rest is on the item's page. */
const LONGEST = 600;

export function ItemBody({ details }: { details: Details & { kind: 'item' } }) {
  const { text } = useApp();
  const { item, collection, id, units } = details;
  const example = item.state === 'ready' ? item.value.properties.example === true : details.example;
  return (
    <>
      {example && <p class="badge">{text.exampleRecord}</p>}
      <Ready what={item} failed={text.itemFailed}>
        {({ properties }) => <Facts collection={collection} properties={properties} />}
      </Ready>
      <p class="card-acts">
        <a class="button main" href={itemPath(collection, id)}>
          {text.record}
          <Icon name="next" />
        </a>
      </p>
      {units && (
        <>
          <h3>{text.levelsOf}</h3>
          <Units units={units} />
        </>
      )}
    </>
  );
}

function Facts({ collection, properties }: { collection: PointCollection; properties: Item['properties'] }) {
  const { config, controller, lang, text } = useApp();
  const codes = Array.isArray(properties.themes) ? properties.themes.map(String) : [];
  const site = webLink(properties.url);
  const event = collection === 'events';
  const when = event ? formatWhen(lang, properties) : '';
  const shape = event ? 'event' : 'actor';
  const description = typeof properties.description === 'string' ? properties.description : '';
  const facts: [string, unknown][] = [
    [text.address, properties.address],
    [text.source, properties.source],
    [text.licence, properties.licence],
  ];
  return (
    <>
      <p class="kind">
        {labelOf(text.kind, properties.kind)}
        {properties.status === 'cancelled' && <strong class="badge alert">{text.cancelled}</strong>}
      </p>
      {when && (
        <p class="when">
          <Icon name="agenda" />
          <span>
            {when}
            {typeof properties.timezone === 'string' && <small>{zoneName(properties.timezone)}</small>}
          </span>
        </p>
      )}
      {codes.length > 0 && (
        <ul class="tags" aria-label={text.themes}>
          {codes.map((code) => (
            <li key={code}>
              <ThemeSign shape={shape} theme={code} />
              {config.themes.find((known) => known.code === code)?.label[lang] ?? code}
            </li>
          ))}
        </ul>
      )}
      {description && (
        <p class="description">
          {description.length > LONGEST ? `${description.slice(0, LONGEST)}…` : description}
        </p>
      )}
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
      {typeof properties.series_id === 'string' && (
        <p class="help">
          {text.series}{' '}
          <button type="button" class="as-link" onClick={() => controller.change({ view: 'agenda' })}>
            {text.view.agenda}
          </button>
        </p>
      )}
    </>
  );
}

/** `Indian/Reunion` as people read it. */
const zoneName = (zone: string) => ` (${zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')})`;
