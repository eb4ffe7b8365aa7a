import { useNarrow } from '../context.ts';
import { TimeSlot } from '../time/TimeSlot.tsx';
import { Kinds } from './Kinds.tsx';
import { NearFilter } from './Near.tsx';
import { Themes } from './Themes.tsx';

/** Everything that narrows what is shown, with what each choice would leave. */
export function Filters() {
  const narrow = useNarrow();
  return (
    <>
      <Themes />
      <Kinds collection="actors" />
      <Kinds collection="events" />
      <NearFilter />
      {narrow && <TimeSlot place="panel" />}
    </>
  );
}
