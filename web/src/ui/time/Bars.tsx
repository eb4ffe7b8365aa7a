import { useState } from 'preact/hooks';
import { fill, formatDay, formatDays, plural } from '../../i18n/index.ts';
import type { Bin } from '../../time/bins.ts';
import { useApp } from '../context.ts';

interface Props {
  made: readonly Bin[];
  range: [number, number];
  onRange(a: number, b: number, step: 'push' | 'merge'): void;
}

/** The height of the drawing, in its own units. */
const HEIGHT = 100;

/** The histogram under two native sliders, one a handle: whatever moves a slider moves the window. */
export function Bars({ made, range, onRange }: Props) {
  const { lang, text } = useApp();
  const [drawn, setDrawn] = useState<[number, number] | null>(null);
  const [a, b] = drawn ?? range;
  const most = Math.max(1, ...made.map((bin) => bin.count));
  const last = made.length - 1;
  if (made.length === 0) return <div class="bars" />;

  const [first, end] = [made[a], made[b]];
  const handle = (which: 'from' | 'to') => {
    const value = which === 'from' ? a : b;
    const bin = made[value];
    const next = (at: number): [number, number] =>
      which === 'from' ? [Math.min(at, b), b] : [a, Math.max(at, a)];
    return (
      <input
        type="range"
        class={which}
        min={0}
        max={last}
        step={1}
        value={value}
        aria-label={text.time[which]}
        aria-valuetext={bin && formatDay(lang, which === 'from' ? bin.from : bin.to)}
        onInput={(event) => {
          const moved = next(Number(event.currentTarget.value));
          setDrawn(moved);
          event.currentTarget.value = String(which === 'from' ? moved[0] : moved[1]);
        }}
        onChange={(event) => {
          const moved = next(Number(event.currentTarget.value));
          setDrawn(null);
          onRange(...moved, 'merge');
        }}
      />
    );
  };

  return (
    <div class="bars" style={{ '--a': a / made.length, '--b': (b + 1) / made.length, '--n': made.length }}>
      <svg
        viewBox={`0 0 ${made.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={text.time.bars}
      >
        {made.map((bin, at) => {
          const height = bin.count === 0 ? 0 : Math.max(3, (HEIGHT * bin.count) / most);
          return (
            // biome-ignore format: one bar a line
            <rect key={bin.from} class={at >= a && at <= b ? 'in' : 'out'} x={at + 0.1} y={HEIGHT - height} width="0.8" height={height}>
              <title>{`${formatDays(lang, bin.from, bin.to)} · ${plural(lang, text.countOf.events, bin.count)}`}</title>
            </rect>
          );
        })}
      </svg>
      {handle('from')}
      {handle('to')}
      {drawn && first && end && (
        <output class="drawn">{fill(lang, '{days}', { days: formatDays(lang, first.from, end.to) })}</output>
      )}
    </div>
  );
}
