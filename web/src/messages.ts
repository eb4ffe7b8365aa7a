import type { Controller } from './control/controller.ts';
import { readQuery } from './state/address.ts';

/** The longest query that a host page may set. */
const LONGEST_QUERY = 4_000;

/** The page that frames this one, as far as it may be told from here; null when it says nothing of itself. */
function hostOrigin(): string | null {
  const ancestor = location.ancestorOrigins?.[0];
  if (ancestor) return ancestor;
  try {
    return new URL(document.referrer).origin;
  } catch {
    return null;
  }
}

/** Talks with the host page, and with nobody else: tells sizes and selections, takes queries. */
export function listen(controller: Controller): void {
  const origin = hostOrigin();
  if (window.parent === window || !origin) return;
  const tell = (message: object) => window.parent.postMessage({ v: 1, ...message }, origin);

  window.addEventListener('message', (event) => {
    if (event.source !== window.parent || event.origin !== origin) return;
    const query = readMessage(event.data);
    if (query === null) return;
    const next = readQuery(new URLSearchParams(query), controller.config);
    const { lang, view } = controller.store.value; // these are the frame's own
    controller.change({ ...next, lang, view }, 'replace');
  });

  let height = 0;
  const resized = new ResizeObserver(() => {
    const now = document.documentElement.scrollHeight;
    if (now !== height) tell({ type: 'carto:resize', height: now });
    height = now;
  });
  resized.observe(document.body);

  let { sel } = controller.store.value;
  controller.store.watch(() => {
    if (controller.store.value.sel === sel) return;
    sel = controller.store.value.sel;
    tell({ type: 'carto:select', id: sel });
  });
}

/** The query of a `carto:set` of version 1; null for anything else. */
export function readMessage(data: unknown): string | null {
  if (typeof data !== 'object' || data === null) return null;
  const { type, v, query } = data as Record<string, unknown>;
  if (type !== 'carto:set' || v !== 1 || typeof query !== 'string') return null;
  return query.length <= LONGEST_QUERY ? query.replace(/^\?/, '') : null;
}
