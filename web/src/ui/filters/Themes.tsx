import { useMemo } from 'preact/hooks';
import { markerSvg, svgUrl } from '../../map/icons.ts';
import { COLLECTIONS } from '../../state/model.ts';
import { ready } from '../../state/state.ts';
import { useApp } from '../context.ts';
import { share, sum } from './values.ts';

/** The themes, each with its sign, its count and a bar of its share; also what the colours of the map mean. */
export function Themes() {
  const { config, controller, state, lang, text } = useApp();
  const images = useMemo(
    () => new Map(config.themes.map((t) => [t.code, svgUrl(markerSvg('actor', t.colour, t.icon))])),
    [config],
  );
  if (config.themes.length === 0) return null;
  const shown = COLLECTIONS.filter((collection) => state.show[collection]);
  const known = shown.every((collection) => ready(state.counts[collection]));
  const counts = sum(shown.map((collection) => ready(state.counts[collection])?.themes));
  const most = Math.max(0, ...counts.values());
  const { themes } = state;
  return (
    <section class="filter" aria-labelledby="themes">
      <div class="filter-head">
        <h2 id="themes">{text.themes}</h2>
        {themes.length > 0 && (
          <button type="button" class="reset" onClick={() => controller.change({ themes: [] })}>
            {text.allThemes}
          </button>
        )}
      </div>
      <ul class="themes">
        {config.themes.map(({ code, label, colour }) => {
          const count = known ? (counts.get(code) ?? 0) : null;
          const off = themes.length > 0 && !themes.includes(code);
          return (
            <li key={code}>
              <button
                type="button"
                aria-pressed={themes.includes(code)}
                class={off ? 'theme off' : count === 0 ? 'theme none' : 'theme'}
                style={{ '--colour': colour, '--share': share(count, most) }}
                onClick={() => controller.toggle('themes', code)}
              >
                <img src={images.get(code)} alt="" width="26" height="26" />
                <span class="theme-name">{label[lang]}</span>
                <span class="number">{count?.toLocaleString(lang)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
