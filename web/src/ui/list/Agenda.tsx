import { useEffect, useState } from 'preact/hooks';
import { items } from '../../api/features.ts';
import { loaded } from '../../control/follow.ts';
import { apiQuery } from '../../control/query.ts';
import { fill, formatDay, formatTime, labelOf, plural } from '../../i18n/index.ts';
import { LOADING, type Loaded, ready } from '../../state/state.ts';
import { addDays, byDay, type DayOfEvents, today, windowAfter } from '../../time/days.ts';
import { useApp } from '../context.ts';
import { Ready } from '../Ready.tsx';
import { ThemeSign } from '../ThemeSign.tsx';
import '../../css/sheets.css';

/** The most events that one step of the agenda reads. */
const MOST = 500;

interface Span {
  days: DayOfEvents[];
  total: number;
  cut: boolean;
}

/** The events by day, each at the time of its own place; a stretch of days at a time. */
export function Agenda() {
  const { config, controller, state, lang, text } = useApp();
  const [first, setFirst] = useState<string | null>(null);
  const [span, setSpan] = useState<Loaded<Span>>(LOADING);
  const days = ready(state.histogram)?.days;
  const known = state.histogram?.state !== 'loading' && state.histogram !== null;
  const window = windowAfter(days ?? new Map(), first ?? state.from ?? today(), state.to);
  const query = apiQuery({ ...state, ...window }, config, 'events');
  const key = known && JSON.stringify(query);

  useEffect(() => {
    if (!key) return;
    const request = new AbortController();
    setSpan(LOADING);
    loaded(items('events', query, { limit: MOST }, request.signal)).then((found) => {
      if (request.signal.aborted) return;
      if (found.state !== 'ready') return setSpan(found);
      const { features, total } = found.value;
      const value = { days: byDay(features, window), total, cut: total > features.length };
      setSpan({ state: 'ready', value });
    });
    return () => request.abort();
  }, [key]);

  useEffect(() => setFirst(null), [state.from, state.to]);

  const total = ready(state.counts.events)?.total;
  return (
    <section class="agenda" aria-labelledby="agenda-title">
      <div class="sheet-head">
        <h2 id="agenda-title">{text.view.agenda}</h2>
        {total !== undefined && <p class="help">{plural(lang, text.countOf.events, total)}</p>}
        <div class="chips">
          <button type="button" class="chip" onClick={() => setFirst(addDays(window.from, -14))}>
            {text.earlier}
          </button>
          <button type="button" class="chip" onClick={() => setFirst(today())}>
            {text.today}
          </button>
          <button type="button" class="chip" onClick={() => setFirst(addDays(window.to, 1))}>
            {text.later}
          </button>
        </div>
      </div>
      <Ready what={span} failed={text.listFailed}>
        {(value) => (
          <>
            {value.days.length === 0 && (
              <p class="empty">
                {fill(lang, text.noEvents, {
                  from: formatDay(lang, window.from),
                  to: formatDay(lang, window.to),
                })}
              </p>
            )}
            {value.days.map(({ day, events }) => (
              <section class="day" key={day} aria-labelledby={`day-${day}`}>
                <h3 id={`day-${day}`} class={day === today() ? 'is-today' : ''}>
                  {formatDay(lang, day)}
                </h3>
                <ul>
                  {events.map(({ item, since }) => (
                    <li key={item.id}>
                      <button
                        type="button"
                        aria-current={state.sel === item.id ? 'true' : undefined}
                        onClick={() => controller.open(item)}
                      >
                        <span class="at">
                          {since ? text.goesOn : formatTime(lang, item.properties) || text.allDay}
                        </span>
                        <ThemeSign shape="event" theme={item.properties.theme} />
                        <span class="row-text">
                          <span class="row-name">{String(item.properties.name ?? item.id)}</span>
                          <span class="row-more">
                            {[labelOf(text.kind, item.properties.kind), item.properties.address]
                              .filter(Boolean)
                              .join(' · ')}
                          </span>
                        </span>
                        {item.properties.status === 'cancelled' && (
                          <span class="badge alert">{text.cancelled}</span>
                        )}
                        {item.properties.example === true && <span class="badge">{text.example}</span>}
                      </button>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
            {value.cut && <p class="help">{plural(lang, text.agendaCut, value.total)}</p>}
          </>
        )}
      </Ready>
    </section>
  );
}
