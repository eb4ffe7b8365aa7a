import { markerSvg, type Shape, svgUrl } from '../map/icons.ts';
import { NO_THEME } from '../map/style.ts';
import { useApp } from './context.ts';

const drawn = new Map<string, string>();

/** The marker of a theme, as on the map. */
export function ThemeSign({ shape, theme }: { shape: Shape; theme: unknown }) {
  const { config } = useApp();
  const { colour, icon } = config.themes.find(({ code }) => code === theme) ?? NO_THEME;
  const key = `${shape} ${colour} ${icon}`;
  let url = drawn.get(key);
  if (!url) {
    url = svgUrl(markerSvg(shape, colour, icon));
    drawn.set(key, url);
  }
  return <img class="sign" src={url} alt="" width="26" height="26" />;
}
