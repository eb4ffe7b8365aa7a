import type { Config } from '../config.ts';
import type { Controller } from '../controller.ts';
import { messages } from '../i18n/index.ts';
import { markerSvg, svgUrl } from '../map/icons.ts';
import { NO_THEME } from '../map/style.ts';
import type { State } from '../state.ts';

/** What the signs of the map mean, and the filter: a theme pressed is a theme shown; none pressed shows all. */
export function Legend({
  config,
  state,
  controller,
}: {
  config: Config;
  state: State;
  controller: Controller;
}) {
  const text = messages(state.lang);
  const { themes, show } = state;
  return (
    <section aria-labelledby="legend">
      <h2 id="legend">{text.themes}</h2>
      <fieldset class="kinds" aria-label={text.show}>
        {(['actors', 'events'] as const).map((collection) => {
          const shape = collection === 'actors' ? 'actor' : 'event';
          return (
            <label key={collection}>
              <input
                type="checkbox"
                checked={show[collection]}
                onChange={() => controller.toggleShow(collection)}
              />
              <img src={svgUrl(markerSvg(shape, NO_THEME.colour, NO_THEME.icon))} alt="" />
              {text[collection]}
            </label>
          );
        })}
      </fieldset>
      {config.themes.length > 0 && (
        <>
          <p class="help">{text.themesHelp}</p>
          <ul class="legend">
            {config.themes.map((theme) => (
              <li key={theme.code}>
                <button
                  type="button"
                  aria-pressed={themes.includes(theme.code)}
                  class={themes.length > 0 && !themes.includes(theme.code) ? 'off' : ''}
                  onClick={() => controller.toggleTheme(theme.code)}
                >
                  <img src={svgUrl(markerSvg('actor', theme.colour, theme.icon))} alt="" />
                  {theme.label[state.lang]}
                </button>
              </li>
            ))}
          </ul>
          <button
            type="button"
            class="wide"
            disabled={themes.length === 0}
            onClick={() => controller.setThemes([])}
          >
            {text.allThemes}
          </button>
        </>
      )}
    </section>
  );
}
