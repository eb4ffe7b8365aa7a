import { useEffect, useRef } from 'preact/hooks';
import { levelName, nameOf, plural } from '../../i18n/index.ts';
import { mainUnit } from '../../state/state.ts';
import { useApp, useLazy } from '../context.ts';
import { Icon } from '../Icon.tsx';

const load = () => import('./Body.tsx').then((part) => part.Body);

/**
 * The card beside the map: the levels of a point, one item, or what lies on one spot. An item and a list take the focus
 * and give it back; the levels of a point are spoken instead, so that a walk over the map by keyboard is not broken off.
 */
export function Card() {
  const { controller, state, lang, text } = useApp();
  const { details } = state;
  const Body = useLazy(load, details !== null);
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef<Element | null>(null);
  const subject = details && (details.kind === 'item' ? details.id : details.kind);

  useEffect(() => {
    if (subject === null) {
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
      before.current = null;
    } else {
      if (!heading.current?.closest('.card')?.contains(document.activeElement)) {
        before.current = document.activeElement;
      }
      if (subject !== 'place') heading.current?.focus({ preventScroll: true });
    }
  }, [subject]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const open = document.querySelector('dialog[open], [popover]:popover-open');
      if (event.key === 'Escape' && !event.defaultPrevented && !open && controller.store.value.details) {
        controller.close();
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [controller]);

  return (
    <>
      <p class="unseen" aria-live="polite">
        {details?.kind === 'place' && spoken()}
      </p>
      {details && (
        <section class="card" aria-labelledby="card-title">
          <div class="card-top">
            <h2 id="card-title" tabIndex={-1} ref={heading}>
              {title()}
            </h2>
            <button
              type="button"
              class="square bare"
              aria-label={text.close}
              onClick={() => controller.close()}
            >
              <Icon name="close" />
            </button>
          </div>
          {Body ? <Body details={details} /> : <p class="loading">{text.loading}</p>}
        </section>
      )}
    </>
  );

  function title(): string {
    if (!details) return '';
    if (details.kind === 'item') return details.name || details.id;
    if (details.kind === 'crowd') return text.hereTitle;
    const main = details.units.state === 'ready' ? mainUnit(details.units.value) : null;
    return main ? nameOf(lang, main) : text.levelsHere;
  }

  function spoken(): string {
    if (details?.kind !== 'place') return '';
    const { units } = details;
    if (units.state === 'loading') return text.loading;
    if (units.state === 'failed') return text.lookupFailed;
    if (units.value.length === 0) return text.noLevels;
    const names = units.value.toReversed().map((unit) => `${levelName(lang, unit.level)} ${unit.name}`);
    return `${plural(lang, text.levelCount, units.value.length)}${lang === 'fr' ? '\u00a0' : ''}: ${names.join(', ')}`;
  }
}
