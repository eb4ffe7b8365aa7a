import { jumps, TERRITORIES } from '../map/territories.ts';
import { useApp } from './context.ts';

/** Buttons to the parts of a territory that no map shows at once. */
export function Jumps() {
  const { config, controller, state, text } = useApp();
  const parts = state.unit ? [] : jumps(config.bounds);
  if (state.notice === 'mapFailed' || parts.length === 0) return null;
  return (
    <section class="jumps" aria-labelledby="jumps">
      <h2 id="jumps">{text.jump}</h2>
      <div class="chips">
        {parts.map((key) => (
          <button
            key={key}
            type="button"
            class="chip"
            onClick={() => controller.map?.goToBox(TERRITORIES[key])}
          >
            {text.territory[key]}
          </button>
        ))}
      </div>
    </section>
  );
}
