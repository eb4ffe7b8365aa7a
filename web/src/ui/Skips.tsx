import { useApp } from './context.ts';

/** The first stops of the Tab key: past everything, to what is wanted. */
export function Skips() {
  const { controller, text } = useApp();
  return (
    <nav class="skips" aria-label={text.skips}>
      <button type="button" onClick={() => controller.map?.focus()}>
        {text.skipToMap}
      </button>
      <button type="button" onClick={() => document.getElementById('search')?.focus()}>
        {text.skipToSearch}
      </button>
      <button
        type="button"
        onClick={() => {
          controller.change({ view: 'list' });
          requestAnimationFrame(() => document.getElementById('results')?.focus());
        }}
      >
        {text.skipToList}
      </button>
    </nav>
  );
}
