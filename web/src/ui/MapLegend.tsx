import { fill, plural } from '../i18n/index.ts';
import { classify, toneOf } from '../map/classes.ts';
import { lightOf, styleFor } from '../map/fetch.ts';
import { COLOURS, heatStops, heatTop } from '../map/overlays.ts';
import type { Layer } from '../state/model.ts';
import { ready } from '../state/state.ts';
import { useApp, useMedia } from './context.ts';

const LAYERS: readonly Layer[] = ['points', 'heat'];

/** What is drawn, to be chosen; and what the colours of areas or cells mean, from the counts of the units beside each other. */
export function MapLegend({ shut = false }: { shut?: boolean }) {
  const { config, controller, state, lang, text } = useApp();
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const scheme = lightOf(styleFor(config, state.scheme ?? (systemDark ? 'dark' : 'light')));
  const area = ready(state.area);
  const heat = config.tilesets.includes('heat');
  const withAreas = state.areas && state.layer === 'points' && area && area.level > 0;
  const classes = withAreas ? classify(area.counts.values()) : [];
  const zero = withAreas ? [...area.counts.values()].filter((count) => count === 0).length : 0;
  const colours = COLOURS[scheme];
  if (!heat && !(area && area.level > 0)) return null;
  const top = heatTop(controller.map?.zoom() ?? config.start.zoom);
  const number = (n: number) => n.toLocaleString(lang);
  return (
    <section class={shut ? 'map-legend shut' : 'map-legend'} aria-label={text.legend}>
      {heat && (
        <fieldset class="segments" aria-label={text.drawnAs}>
          {LAYERS.map((layer) => (
            <button
              key={layer}
              type="button"
              aria-pressed={state.layer === layer}
              onClick={() => controller.change({ layer })}
            >
              {text.layer[layer]}
            </button>
          ))}
        </fieldset>
      )}
      {state.layer === 'heat' && heat ? (
        <>
          <p class="legend-title">{text.heatTitle}</p>
          <div class="ramp" style={{ background: `linear-gradient(90deg, ${colours.heat.join(', ')})` }} />
          <p class="ramp-ends">
            {heatStops(top).map((stop, at, all) => (
              <span key={stop}>
                {number(Math.round(stop))}
                {at === all.length - 1 && '+'}
              </span>
            ))}
          </p>
        </>
      ) : (
        <>
          <label class="switch">
            <input
              type="checkbox"
              role="switch"
              aria-checked={state.areas}
              checked={state.areas}
              onChange={() => controller.change({ areas: !state.areas })}
            />
            <span>
              {area && area.level > 0
                ? fill(lang, text.areasBy, { level: text.levels[area.level as 1] ?? '' })
                : text.areasNone}
            </span>
          </label>
          {withAreas && (
            <ul class="classes">
              {classes.map(({ from, to, units }, at) => (
                <li key={from}>
                  <span class="swatch" style={{ background: colours.areas[toneOf(at, classes.length)] }} />
                  <span class="bounds">{from === to ? number(from) : `${number(from)} – ${number(to)}`}</span>
                  <span class="units-in">{plural(lang, text.unitCount, units)}</span>
                </li>
              ))}
              {zero > 0 && (
                <li>
                  <span class="swatch zero" style={{ background: colours.none }} />
                  <span class="bounds">{number(0)}</span>
                  <span class="units-in">{plural(lang, text.unitCount, zero)}</span>
                </li>
              )}
            </ul>
          )}
        </>
      )}
    </section>
  );
}
