import { useState } from 'preact/hooks';
import { useApp, useLazy } from './context.ts';

const load = () => import('./DownloadList.tsx').then((part) => part.DownloadList);

/** The files of the whole territory, in a fold. */
export function Downloads() {
  const { text } = useApp();
  const [opened, setOpened] = useState(false);
  const Files = useLazy(load, opened);
  return (
    <details class="downloads" onToggle={() => setOpened(true)}>
      <summary>{text.downloads}</summary>
      {Files && <Files />}
    </details>
  );
}
