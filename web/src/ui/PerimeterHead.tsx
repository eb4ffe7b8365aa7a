import { unitPath } from '../api/units.ts';
import { levelName, nameOf, plural, shortName } from '../i18n/index.ts';
import { COLLECTIONS } from '../state/model.ts';
import { ready } from '../state/state.ts';
import { useApp } from './context.ts';

/** What is looked at: its name, its people, how much of each kind there is under the filters. */
export function PerimeterHead() {
  const { config, controller, state, lang, text } = useApp();
  const family = ready(state.family);
  const unit = family?.unit;
  return (
    <section class="perimeter" aria-labelledby="perimeter">
      <h2 id="perimeter">{unit ? shortName(nameOf(lang, unit)) : config.title[lang]}</h2>
      {unit && (
        <p class="help">
          {levelName(lang, unit.level)}
          {unit.population ? ` · ${plural(lang, text.inhabitants, unit.population)}` : ''}
          {' · '}
          <a href={unitPath(unit.id)}>{text.unitPage}</a>
        </p>
      )}
      <ul class="shows" aria-label={text.show}>
        {COLLECTIONS.map((collection) => {
          const total = ready(state.counts[collection])?.total;
          const shown = state.show[collection];
          return (
            <li key={collection}>
              <button
                type="button"
                aria-pressed={shown}
                class={shown ? `show ${collection}` : `show off ${collection}`}
                onClick={() => controller.toggleShow(collection)}
              >
                <span class="show-sign" aria-hidden="true" />
                <span class="show-count">{total === undefined ? '…' : total.toLocaleString(lang)}</span>
                <span class="show-name">{text[collection]}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {config.example && <p class="help example-notice">{text.exampleNotice}</p>}
    </section>
  );
}
