import { useState } from 'preact/hooks';
import { formatMetres } from '../../i18n/index.ts';
import { RADIUS } from '../../state/address.ts';
import type { LonLat } from '../../state/model.ts';
import { useApp } from '../context.ts';
import { Icon } from '../Icon.tsx';

/** The radii of the slider, in metres. */
const RADII = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];

/** What is in the fold of "around me", loaded when it is opened. Where somebody is, is asked only on a press, and goes into the address only then. */
export function NearBody() {
  const { controller, state, lang, text } = useApp();
  const [asking, setAsking] = useState(false);
  const { near } = state;
  const radius = near?.radius ?? RADIUS.usual;

  function around([lon, lat]: LonLat) {
    const next = { lon: Number(lon.toFixed(4)), lat: Number(lat.toFixed(4)), radius };
    controller.change({ near: next, sort: 'distance' });
    controller.map?.goToCircle(next);
  }

  function locate() {
    setAsking(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setAsking(false);
        around([coords.longitude, coords.latitude]);
      },
      () => {
        setAsking(false);
        controller.notice('geolocationFailed');
      },
      { maximumAge: 60_000, timeout: 10_000 },
    );
  }

  return (
    <>
      <div class="chips">
        {'geolocation' in navigator && (
          <button type="button" class="chip" disabled={asking} onClick={locate}>
            <Icon name="locate" />
            {asking ? text.loading : text.near.me}
          </button>
        )}
        <button type="button" class="chip" onClick={() => around(controller.centre())}>
          {text.near.centre}
        </button>
        {near && (
          <button type="button" class="chip" onClick={() => controller.change({ near: null })}>
            <Icon name="close" />
            {text.near.off}
          </button>
        )}
      </div>
      {near && (
        <label class="radius">
          <span>{text.near.radius}</span>
          <input
            type="range"
            min={0}
            max={RADII.length - 1}
            value={nearest(near.radius)}
            aria-valuetext={formatMetres(lang, near.radius)}
            onChange={(event) => {
              const metres = RADII[Number(event.currentTarget.value)] ?? near.radius;
              controller.change({ near: { ...near, radius: metres } }, 'merge');
              controller.map?.goToCircle({ ...near, radius: metres });
            }}
          />
          <output>{formatMetres(lang, near.radius)}</output>
        </label>
      )}
      <p class="help">{text.near.help}</p>
    </>
  );
}

const nearest = (metres: number) =>
  RADII.reduce((best, value, at) => {
    const [a, b] = [Math.abs(Math.log(value / metres)), Math.abs(Math.log((RADII[best] as number) / metres))];
    return a < b ? at : best;
  }, 0);
