import type { ComponentChildren } from 'preact';
import type { Loaded } from '../state/state.ts';
import { useApp } from './context.ts';

interface Props<T> {
  what: Loaded<T>;
  failed: string;
  children: (value: T) => ComponentChildren;
}

/** Shows what is there, or says that it is on its way or could not be read. */
export function Ready<T>({ what, failed, children }: Props<T>) {
  const { text } = useApp();
  if (what.state === 'loading') return <p class="loading">{text.loading}</p>;
  if (what.state === 'ready') return <>{children(what.value)}</>;
  return (
    <p class="failed" role="alert">
      {failed} {what.why && <small>({what.why})</small>}
    </p>
  );
}
