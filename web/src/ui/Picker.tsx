import { useId, useRef, useState } from 'preact/hooks';
import type { Unit } from '../api/types.ts';
import { loaded } from '../control/follow.ts';
import { LOADING, type Loaded } from '../state/state.ts';
import { useApp } from './context.ts';
import { Icon } from './Icon.tsx';
import { Ready } from './Ready.tsx';

/** The width of the list, in pixels: see `css/crumbs.css`. */
const WIDTH = 304;

interface Props {
  label: string;
  /** the unit that is chosen now */
  current: string | null;
  load(signal?: AbortSignal): Promise<Unit[]>;
  counts?: ReadonlyMap<string, number>;
  /** of which level; any when absent */
  level?: number;
  /** a button with its label written out, in place of an arrow */
  wide?: boolean;
}

/** A button that lists units to go to. Arrows walk the list, letters search it, Escape closes it. */
export function Picker({ label, current, load, counts, level, wide }: Props) {
  const { controller, text } = useApp();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const [units, setUnits] = useState<Loaded<[Unit[], typeof import('./PickerList.tsx')]>>(LOADING);
  const [q, setQ] = useState('');

  async function onToggle(event: Event & { newState?: string }) {
    const opened = event.newState === 'open';
    setOpen(opened);
    if (!opened || !list.current || !button.current) return;
    const { left, bottom } = button.current.getBoundingClientRect();
    list.current.style.left = `${Math.max(8, Math.min(left - 8, innerWidth - WIDTH - 8))}px`;
    list.current.style.top = `${bottom + 4}px`;
    setQ('');
    setUnits(LOADING);
    setUnits(await loaded(Promise.all([load(), import('./PickerList.tsx')])));
    requestAnimationFrame(() => focusables(list.current)[0]?.focus());
  }

  return (
    <>
      <button
        type="button"
        ref={button}
        class={wide ? 'pick wide-pick' : 'pick'}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={wide ? undefined : label}
        title={wide ? undefined : label}
        popovertarget={id}
      >
        {wide && label}
        <Icon name="down" />
      </button>
      <div
        id={id}
        ref={list}
        popover="auto"
        class="picker"
        role="dialog"
        aria-label={label}
        onToggle={onToggle}
        onKeyDown={(event) => walk(event, list.current)}
      >
        {open && (
          <Ready what={units} failed={text.listFailed}>
            {([all, { PickerList }]) => (
              <PickerList
                units={all.filter((unit) => !level || unit.level === level)}
                {...{ q, setQ, current, counts, label }}
                href={(unit) => controller.href({ unit: unit.id, sel: null })}
                choose={(unit) => {
                  list.current?.hidePopover();
                  controller.setUnit(unit);
                }}
              />
            )}
          </Ready>
        )}
      </div>
    </>
  );
}

const focusables = (within: HTMLElement | null) => [
  ...(within?.querySelectorAll<HTMLElement>('input, a') ?? []),
];

function walk(event: KeyboardEvent, within: HTMLElement | null): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const stops = focusables(within);
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
