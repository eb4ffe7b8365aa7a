import type { View } from '../state/model.ts';
import { useApp } from './context.ts';
import { Icon, type IconName } from './Icon.tsx';

const STAGES: readonly [Exclude<View, 'list'>, IconName][] = [
  ['map', 'map'],
  ['table', 'table'],
  ['agenda', 'agenda'],
];

/** What stands on the stage. The list is no stage of its own: it stands beside the map. */
export function ViewSwitch() {
  const { config, controller, state, text } = useApp();
  const now: View = state.view === 'list' ? 'map' : state.view;
  const stages = STAGES.filter(([view]) => view !== 'agenda' || config.interval);
  return (
    <fieldset class="views" aria-label={text.views}>
      {stages.map(([view, icon]) => (
        <button
          key={view}
          type="button"
          aria-pressed={view === now}
          onClick={() => controller.change({ view })}
        >
          <Icon name={icon} />
          <span class="view-word">{text.view[view]}</span>
        </button>
      ))}
    </fieldset>
  );
}
