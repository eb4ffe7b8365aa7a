import { useState } from 'preact/hooks';
import { formatMetres } from '../../i18n/index.ts';
import { useApp, useLazy } from '../context.ts';

const load = () => import('./NearBody.tsx').then((part) => part.NearBody);

/** Around me, or around the middle of the map. */
export function NearFilter() {
  const { state, lang, text } = useApp();
  const { near } = state;
  const [opened, setOpened] = useState(false);
  const Body = useLazy(load, opened || near !== null);
  return (
    <details class="filter fold" open={near !== null || undefined} onToggle={() => setOpened(true)}>
      <summary>
        <h2>{text.near.title}</h2>
        {near && <span class="bubble">{formatMetres(lang, near.radius)}</span>}
      </summary>
      {Body && <Body />}
    </details>
  );
}
