import { filterCount } from '../../control/query.ts';
import { fill, formatDays, formatMetres, labelOf } from '../../i18n/index.ts';
import { useApp } from '../context.ts';
import { Icon } from '../Icon.tsx';

/** The filters in force, each to be taken off by a press. */
export function Chips() {
  const { config, controller, state, lang, text } = useApp();
  if (filterCount(state) === 0) return null;
  const chips: [key: string, label: string, off: () => void][] = [];
  for (const code of state.themes) {
    const label = config.themes.find((theme) => theme.code === code)?.label[lang] ?? code;
    chips.push([`theme ${code}`, label, () => controller.toggle('themes', code)]);
  }
  for (const kind of state.kinds) {
    chips.push([`kind ${kind}`, labelOf(text.kind, kind), () => controller.toggle('kinds', kind)]);
  }
  if (state.q) chips.push(['q', fill(lang, text.quoted, { q: state.q }), () => controller.change({ q: '' })]);
  if (state.near) {
    const label = fill(lang, text.near.chip, { radius: formatMetres(lang, state.near.radius) });
    chips.push(['near', label, () => controller.change({ near: null })]);
  }
  if (state.from || state.to) {
    const label = formatDays(lang, state.from, state.to);
    chips.push(['time', label, () => controller.change({ from: null, to: null })]);
  }
  return (
    <div class="active" role="group" aria-label={text.activeFilters}>
      <ul class="chips">
        {chips.map(([key, label, off]) => (
          <li key={key}>
            <button
              type="button"
              class="chip on"
              aria-label={fill(lang, text.takeOff, { label })}
              onClick={off}
            >
              <span>{label}</span>
              <Icon name="close" />
            </button>
          </li>
        ))}
        <li>
          <button type="button" class="chip reset" onClick={() => controller.reset()}>
            {text.resetAll}
          </button>
        </li>
      </ul>
    </div>
  );
}
