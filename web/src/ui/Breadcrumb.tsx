import { useEffect, useRef } from 'preact/hooks';
import { children, countries } from '../api/units.ts';
import { levelBelow } from '../control/loaders.ts';
import { levelName, nameOf, shortName } from '../i18n/index.ts';
import { ready } from '../state/state.ts';
import { follow, useApp } from './context.ts';
import { Picker } from './Picker.tsx';
import { stepsOf } from './steps.ts';

/** The way from the country down to the perimeter. Each step can be gone back to, or changed for one beside it. */
export function Breadcrumb() {
  const { config, controller, state, lang, text } = useApp();
  const family = ready(state.family);
  const nav = useRef<HTMLElement>(null);
  const here = family?.unit.id;
  // where the way is longer than the window, where it ends is what is wanted
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>('[aria-current="location"]')?.closest('li');
    if (nav.current && current) nav.current.scrollLeft = current.offsetLeft - nav.current.offsetLeft - 8;
  }, [here]);
  if (!family) {
    return (
      <nav class="crumbs" aria-label={text.perimeter}>
        <p class="crumb-wait">{state.family.state === 'failed' ? config.title[lang] : text.loading}</p>
      </nav>
    );
  }
  const below = levelBelow(family);
  const way = stepsOf([...family.ancestors, family.unit]);
  const area = ready(state.area);
  const counts = area?.within === family.unit.id ? area.counts : undefined;
  return (
    <nav class="crumbs" aria-label={text.perimeter} ref={nav}>
      <ol>
        {way.map(({ unit, first, parent }, at) => {
          const current = at === way.length - 1;
          return (
            <li key={unit.id}>
              <a
                href={controller.href({ unit: unit.id === config.perimeter?.id ? null : unit.id, sel: null })}
                aria-current={current ? 'location' : undefined}
                title={nameOf(lang, unit)}
                onClick={(event) => follow(event, () => controller.setUnit(unit))}
              >
                <span class="crumb-level">
                  {[...new Set([first, unit])].map(({ level }) => levelName(lang, level)).join(' · ')}
                </span>
                <span class="crumb-name">{shortName(nameOf(lang, unit))}</span>
              </a>
              <Picker
                label={text.siblings[first.level as 1] ?? ''}
                current={first.id}
                load={(signal) => (parent ? children(parent.id, signal) : countries(signal))}
                level={first.level}
              />
            </li>
          );
        })}
        {below > 0 && (
          <li key="below" class="below">
            <Picker
              label={text.choose[below as 1] ?? ''}
              wide
              current={null}
              load={async () => family.children}
              counts={counts}
            />
          </li>
        )}
      </ol>
    </nav>
  );
}
