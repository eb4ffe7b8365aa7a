import type { Bbox } from '../config.ts';
import type { Controller } from '../controller.ts';
import { type Lang, messages } from '../i18n/index.ts';
import { jumps, TERRITORIES } from '../map/territories.ts';

interface Props {
  lang: Lang;
  bounds: Bbox;
  withMap: boolean;
  controller: Controller;
}

/** Buttons to the parts of the territory, to its whole, and to what the middle of the map is. */
export function Jumps({ lang, bounds, withMap, controller }: Props) {
  const text = messages(lang);
  return (
    <section aria-labelledby="jumps">
      <h2 id="jumps">{text.jump}</h2>
      {withMap && (
        <div class="chips">
          <button type="button" onClick={() => controller.map?.goToStart()}>
            {text.wholeTerritory}
          </button>
          {jumps(bounds).map((key) => (
            <button key={key} type="button" onClick={() => controller.map?.goToBox(TERRITORIES[key])}>
              {text.territory[key]}
            </button>
          ))}
        </div>
      )}
      <div class="stack">
        <button type="button" class="wide" onClick={() => controller.placeAtCentre()}>
          {text.centre}
        </button>
        <button type="button" class="wide" onClick={() => controller.listInView()}>
          {text.listInView}
        </button>
      </div>
    </section>
  );
}
