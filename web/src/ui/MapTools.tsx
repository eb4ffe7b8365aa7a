import { useState } from 'preact/hooks';
import { useApp, useNarrow } from './context.ts';
import { Icon } from './Icon.tsx';
import { Jumps } from './Jumps.tsx';
import { MapLegend } from './MapLegend.tsx';

/** What stands on the map: zoom, home, what is drawn and what it means. */
export function MapTools() {
  const { controller, state, text } = useApp();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  if (state.notice === 'mapFailed') return null;
  const button = (label: string, icon: 'plus' | 'minus' | 'home', act: () => void) => (
    <button type="button" aria-label={label} title={label} onClick={act}>
      <Icon name={icon} />
    </button>
  );
  return (
    <>
      <div class="zoom" role="group" aria-label={text.mapControls}>
        {button(text.zoomIn, 'plus', () => controller.map?.zoomBy(1))}
        {button(text.zoomOut, 'minus', () => controller.map?.zoomBy(-1))}
        {button(text.wholeTerritory, 'home', () => controller.setUnit(null))}
      </div>
      {!narrow && <Jumps />}
      {narrow && (
        <button type="button" class="legend-open" aria-expanded={open} onClick={() => setOpen(!open)}>
          {text.legend}
        </button>
      )}
      <MapLegend shut={narrow && !open} />
    </>
  );
}
