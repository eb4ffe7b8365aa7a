import type { Details } from '../../state/state.ts';
import { CrowdBody } from './CrowdBody.tsx';
import { ItemBody } from './ItemBody.tsx';
import { PlaceBody } from './PlaceBody.tsx';

/** What a card says under its title. */
export function Body({ details }: { details: Details }) {
  if (details.kind === 'place') return <PlaceBody details={details} />;
  if (details.kind === 'item') return <ItemBody details={details} />;
  return <CrowdBody details={details} />;
}
