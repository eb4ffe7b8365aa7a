import { useRef } from 'preact/hooks';
import { useApp } from './context.ts';

const STEPS = ['low', 'half', 'full'] as const;
/** How far a finger must draw for the sheet to follow, in pixels. */
const FAR = 30;

/** Draws the sheet up and down, by a press or by a finger. */
export function SheetHandle() {
  const { controller, state, text } = useApp();
  const from = useRef<number | null>(null);
  const drawn = useRef(false);
  const at = STEPS.indexOf(state.sheet);
  const go = (step: number) => {
    const sheet = STEPS[Math.max(0, Math.min(STEPS.length - 1, step))];
    if (sheet) controller.store.update({ sheet });
  };
  return (
    <button
      type="button"
      class="handle"
      aria-label={state.sheet === 'full' ? text.sheetDown : text.sheetUp}
      aria-expanded={state.sheet !== 'low'}
      onPointerDown={(event) => {
        from.current = event.clientY;
        drawn.current = false;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (from.current === null) return;
        const way = event.clientY - from.current;
        if (Math.abs(way) < FAR) return;
        go(at + (way < 0 ? 1 : -1));
        drawn.current = true;
        from.current = null;
      }}
      onPointerUp={() => {
        from.current = null;
      }}
      onClick={() => {
        if (!drawn.current) go(state.sheet === 'full' ? 0 : at + 1);
        drawn.current = false;
      }}
    >
      <span />
    </button>
  );
}
