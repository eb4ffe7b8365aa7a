import { type ComponentType, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Config } from '../config.ts';
import type { Controller } from '../control/controller.ts';
import { type Lang, type Messages, messages } from '../i18n/index.ts';
import type { State } from '../state/state.ts';

export interface AppValue {
  config: Config;
  controller: Controller;
  state: State;
  lang: Lang;
  text: Messages;
}

export const AppContext = createContext<AppValue | null>(null);

/** The state, as every part of the page sees it. */
export function useApp(): AppValue {
  const value = useContext(AppContext);
  if (!value) throw new Error('outside of the page');
  return value;
}

/** The state as a context value, drawn again at each change. */
export function useAppValue(controller: Controller): AppValue {
  const [state, setState] = useState(controller.store.value);
  useEffect(() => {
    setState(controller.store.value);
    return controller.store.watch(() => setState(controller.store.value));
  }, [controller]);
  const { lang } = state;
  return { config: controller.config, controller, state, lang, text: messages(lang) };
}

/** Whether a media query holds, now. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const onChange = () => setMatches(list.matches);
    onChange();
    list.addEventListener('change', onChange);
    return () => list.removeEventListener('change', onChange);
  }, [query]);
  return matches;
}

/** A phone, or a page zoomed in: see `css/phone.css`. */
export const useNarrow = () => useMedia('screen and (width < 52rem)');

/** A part of the page that is loaded when it is first wanted. */
export function useLazy<T>(load: () => Promise<ComponentType<T>>, wanted: boolean): ComponentType<T> | null {
  const [part, setPart] = useState<{ component: ComponentType<T> } | null>(null);
  useEffect(() => {
    if (wanted && !part)
      load().then(
        (component) => setPart({ component }),
        () => undefined,
      );
  }, [wanted]);
  return part?.component ?? null;
}

/** Follows a link inside the page, unless it is meant for another tab. */
export function follow(event: MouseEvent, act: () => void): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  act();
}
