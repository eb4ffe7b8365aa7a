import { formatLonLat } from '../../i18n/index.ts';
import type { Details } from '../../state/state.ts';
import { useApp } from '../context.ts';
import { Units } from './Units.tsx';

/** The levels of a point, from the country to the quarter. */
export function PlaceBody({ details }: { details: Details & { kind: 'place' } }) {
  const { lang } = useApp();
  return (
    <>
      <p class="coordinates">{formatLonLat(lang, details.at)}</p>
      <Units units={details.units} />
    </>
  );
}
