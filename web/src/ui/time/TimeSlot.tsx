import { useApp, useLazy, useNarrow } from '../context.ts';

const load = () => import('./Timeline.tsx').then((part) => part.Timeline);

/** Where the timeline stands: under the map, on a phone among the filters; nowhere where no event is shown. */
export function TimeSlot({ place }: { place: 'stage' | 'panel' }) {
  const { config, state } = useApp();
  const narrow = useNarrow();
  const ofActors = state.view === 'table' && state.list === 'actors';
  const wanted = config.interval !== null && state.show.events && !ofActors && narrow === (place === 'panel');
  const Timeline = useLazy(load, wanted);
  if (!wanted) return null;
  return Timeline ? <Timeline place={place} /> : <div class={place === 'stage' ? 'timeline waiting' : ''} />;
}
