import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Config } from '../../config.ts';
import { fill, formatDays, plural } from '../../i18n/index.ts';
import { ready } from '../../state/state.ts';
import { type Bin, bins, covered } from '../../time/bins.ts';
import { addDays, today } from '../../time/days.ts';
import { useApp } from '../context.ts';
import { Icon } from '../Icon.tsx';
import { Bars } from './Bars.tsx';

/** How long the window of days stays where it is while it plays, in milliseconds. */
const PLAY_MS = 1_100;

/** Events over time: bars, two handles, two dates, and a window that plays. */
export function Timeline({ place }: { place: 'stage' | 'panel' }) {
  const { config, controller, state, lang, text } = useApp();
  const days = ready(state.histogram)?.days;
  const made = useMemo(() => bins(days ?? new Map(), axisOf(config.interval)), [days, config]);
  const { from, to } = state;
  const range = covered(made.bins, from, to);
  const [playing, setPlaying] = usePlay(made.bins, range);

  const set = (a: string | null, b: string | null, step: 'push' | 'merge' = 'push') => {
    setPlaying(false);
    if (a && b && a > b) [a, b] = [b, a];
    controller.change({ from: a, to: b }, step);
  };
  const setBins = (a: number, b: number, step: 'push' | 'merge') => {
    const [first, last] = [made.bins[a], made.bins[b]];
    if (!first || !last) return;
    set(a === 0 ? null : first.from, b === made.bins.length - 1 ? null : last.to, step);
  };
  const total = ready(state.counts.events)?.total;
  const now = today();

  return (
    <section class={place === 'stage' ? 'timeline' : 'timeline filter'} aria-labelledby="timeline">
      <div class="time-head">
        <h2 id="timeline">{text.time.title}</h2>
        <p class="time-now">
          {from || to ? formatDays(lang, from, to) : text.time.always}
          {total !== undefined && <span> · {plural(lang, text.countOf.events, total)}</span>}
        </p>
        <div class="chips presets">
          {(from || to) && (
            <button type="button" class="chip reset" onClick={() => set(null, null)}>
              {text.time.all}
            </button>
          )}
          <button type="button" class="chip" onClick={() => set(now, now)}>
            {text.today}
          </button>
          <button type="button" class="chip" onClick={() => set(now, addDays(now, 6))}>
            {text.time.week}
          </button>
          <button type="button" class="chip" onClick={() => set(now, addDays(now, 29))}>
            {text.time.month}
          </button>
        </div>
      </div>
      <div class="time-body">
        <button
          type="button"
          class="square play"
          aria-pressed={playing}
          aria-label={playing ? text.time.pause : text.time.play}
          title={playing ? text.time.pause : text.time.play}
          disabled={made.bins.length < 2}
          onClick={() => setPlaying(!playing)}
        >
          <Icon name={playing ? 'pause' : 'play'} />
        </button>
        <Bars made={made.bins} range={range} onRange={setBins} />
        <div class="dates">
          <label>
            <span>{text.time.from}</span>
            <input
              type="date"
              value={from ?? ''}
              max={to ?? undefined}
              onChange={(event) => set(event.currentTarget.value || null, to)}
            />
          </label>
          <label>
            <span>{text.time.to}</span>
            <input
              type="date"
              value={to ?? ''}
              min={from ?? undefined}
              onChange={(event) => set(from, event.currentTarget.value || null)}
            />
          </label>
        </div>
      </div>
      {days?.size === 0 && <p class="help">{text.time.none}</p>}
      <p class="unseen" aria-live="polite">
        {playing && fill(lang, text.time.playing, { days: formatDays(lang, from, to) })}
      </p>
    </section>
  );
}

/** The days of all events there are: the axis stays as it is whatever is filtered. */
function axisOf(interval: Config['interval']): [string, string] | null {
  return interval && [interval[0].slice(0, 10), interval[1].slice(0, 10)];
}

/** Moves the window one bar on at a time, to the end. */
function usePlay(made: readonly Bin[], [a, b]: [number, number]): [boolean, (on: boolean) => void] {
  const { controller } = useApp();
  const [playing, setPlaying] = useState(false);
  const show = (start: number, width: number) => {
    const [first, last] = [made[start], made[start + width]];
    if (first && last) controller.change({ from: first.from, to: last.to }, 'replace');
  };
  useEffect(() => {
    if (!playing) return;
    const whole = a === 0 && b === made.length - 1;
    const width = whole ? Math.max(0, Math.round(made.length / 12) - 1) : b - a;
    const start = whole ? 0 : a + 1;
    if (start + width >= made.length) return setPlaying(false);
    const timer = setTimeout(() => show(start, width), whole ? 0 : PLAY_MS);
    return () => clearTimeout(timer);
  }, [playing, a, b, made]);
  const play = (on: boolean) => {
    if (on && a > 0 && b === made.length - 1) show(0, b - a); // from the end it begins again
    setPlaying(on);
  };
  return [playing, play];
}
