import type { Unit } from '../../api/types.ts';
import { unitPath } from '../../api/units.ts';
import { fill, levelName, nameOf } from '../../i18n/index.ts';
import type { Loaded } from '../../state/state.ts';
import { useApp } from '../context.ts';
import { Icon } from '../Icon.tsx';
import { Ready } from '../Ready.tsx';

/** From country to neighbourhood, each with its code, its page, and the way to have it as the perimeter. */
export function Units({ units }: { units: Loaded<Unit[]> }) {
  const { controller, lang, text } = useApp();
  return (
    <Ready what={units} failed={text.lookupFailed}>
      {(value) =>
        value.length === 0 ? (
          <p>{text.noLevels}</p>
        ) : (
          <ol class="units">
            {value.map((unit) => (
              <li key={unit.id} onMouseEnter={() => controller.map?.outline(unit.id)}>
                <a href={unitPath(unit.id)} onFocus={() => controller.map?.outline(unit.id)}>
                  <span class="unit-level">{levelName(lang, unit.level)}</span>
                  <span class="unit-name">{nameOf(lang, unit)}</span>
                  {unit.code && (
                    <span class="unit-code">
                      <span class="unseen">{text.code} </span>
                      {unit.code}
                    </span>
                  )}
                </a>
                <button
                  type="button"
                  class="square bare"
                  aria-label={fill(lang, text.enter, { name: nameOf(lang, unit) })}
                  title={fill(lang, text.enter, { name: nameOf(lang, unit) })}
                  onClick={() => controller.setUnit(unit)}
                >
                  <Icon name="next" />
                </button>
              </li>
            ))}
          </ol>
        )
      }
    </Ready>
  );
}
