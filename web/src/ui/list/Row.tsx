import type { Item, PointCollection } from '../../api/types.ts';
import { formatMetres, formatWhen, type Lang, labelOf } from '../../i18n/index.ts';
import { distance } from '../../map/geometry.ts';
import type { Near } from '../../state/model.ts';
import { useApp } from '../context.ts';
import { ThemeSign } from '../ThemeSign.tsx';

/** How far an item is from the place that is looked around, in words: about, where only its municipality is known. */
export function distanceTo(lang: Lang, { geometry, properties }: Item, near: Near | null): string {
  if (!near || !geometry) return '';
  const metres = formatMetres(lang, distance([near.lon, near.lat], geometry.coordinates));
  return properties.precision === 'municipality' ? `≈ ${metres}` : metres;
}

/** One item of a list. Pointing at it rings it on the map; a press opens its card. */
export function Row({ item, collection }: { item: Item; collection: PointCollection }) {
  const { controller, state, lang, text } = useApp();
  const { properties } = item;
  const when = collection === 'events' ? formatWhen(lang, properties, 'short') : '';
  const place = [properties.address, properties.postcode].find((part) => typeof part === 'string' && part);
  return (
    <li class="row">
      <button
        type="button"
        aria-current={state.sel === item.id ? 'true' : undefined}
        onClick={() => controller.open(item)}
        onMouseEnter={() => controller.point(item)}
        onFocus={() => controller.point(item)}
        onBlur={() => controller.point(null)}
      >
        <ThemeSign shape={collection === 'events' ? 'event' : 'actor'} theme={properties.theme} />
        <span class="row-text">
          <span class="row-name">{String(properties.name ?? item.id)}</span>
          <span class="row-more">
            {when && <span class="row-when">{when}</span>}
            <span>
              {[distanceTo(lang, item, state.near), labelOf(text.kind, properties.kind), place]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </span>
        </span>
        <span class="badges">
          {properties.status === 'cancelled' && <span class="badge alert">{text.cancelled}</span>}
          {properties.example === true && <span class="badge">{text.example}</span>}
        </span>
      </button>
    </li>
  );
}
