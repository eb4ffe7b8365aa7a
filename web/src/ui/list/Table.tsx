import { itemPath } from '../../api/features.ts';
import type { Item } from '../../api/types.ts';
import { listHref } from '../../control/controller.ts';
import { formatWhen, labelOf, plural } from '../../i18n/index.ts';
import { sortOf } from '../../state/model.ts';
import { ready } from '../../state/state.ts';
import { follow, useApp } from '../context.ts';
import { Ready } from '../Ready.tsx';
import { ThemeSign } from '../ThemeSign.tsx';
import { Beginning } from './Beginning.tsx';
import { ListSwitch, SortSwitch } from './List.tsx';
import { distanceTo } from './Row.tsx';
import '../../css/sheets.css';

/** Everything that the filters leave in the perimeter, as a table: for whoever reads better than looks. */
export function Table() {
  const { config, controller, state, lang, text } = useApp();
  const events = state.list === 'events';
  const sort = sortOf(state);
  const results = ready(state.results);
  return (
    <section class="table-view" aria-labelledby="table-title">
      <div class="sheet-head">
        <h2 id="table-title">{results ? plural(lang, text.resultCount, results.total) : text.loading}</h2>
        <ListSwitch />
        <SortSwitch />
        <p class="formats">
          {['csv', 'geojson'].map((format) => (
            <a key={format} href={listHref(state, config, format === 'csv' ? 'csv' : 'json')}>
              {format === 'csv' ? 'CSV' : 'GeoJSON'}
            </a>
          ))}
        </p>
      </div>
      <Ready what={state.results} failed={text.listFailed}>
        {(shown) =>
          shown.items.length === 0 ? (
            <p class="empty">{text.listNone}</p>
          ) : (
            <>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
              <div class="scroll" tabIndex={0} role="region" aria-label={text.view.table}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col" aria-sort={sort === 'name' ? 'ascending' : undefined}>
                        {text.name}
                      </th>
                      {state.near && (
                        <th scope="col" aria-sort={sort === 'distance' ? 'ascending' : undefined}>
                          {text.distance}
                        </th>
                      )}
                      <th scope="col">{text.kindColumn}</th>
                      {events && (
                        <th scope="col" aria-sort={sort ? undefined : 'ascending'}>
                          {text.when}
                        </th>
                      )}
                      <th scope="col">{text.themes}</th>
                      <th scope="col">{text.address}</th>
                      <th scope="col">{text.postcode}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {shown.items.map((item) => (
                      <tr key={item.id}>
                        <th scope="row">
                          <div class="cell">
                            <ThemeSign shape={events ? 'event' : 'actor'} theme={item.properties.theme} />
                            <a
                              href={itemPath(shown.collection, item.id)}
                              onClick={(event) => follow(event, () => void controller.open(item))}
                            >
                              {String(item.properties.name ?? item.id)}
                            </a>
                            {item.properties.example === true && <span class="badge">{text.example}</span>}
                          </div>
                        </th>
                        {state.near && <td class="digits">{distanceTo(lang, item, state.near)}</td>}
                        <td>{labelOf(text.kind, item.properties.kind)}</td>
                        {events && <td>{formatWhen(lang, item.properties, 'short')}</td>}
                        <td>{themesOf(item, (code) => labelOfTheme(code))}</td>
                        <td>{textOf(item, 'address')}</td>
                        <td class="digits">{textOf(item, 'postcode')}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <Beginning {...shown} />
              {shown.next && (
                <button type="button" class="wide" aria-busy={state.more} onClick={() => controller.more()}>
                  {text.more}
                </button>
              )}
            </>
          )
        }
      </Ready>
    </section>
  );

  function labelOfTheme(code: string): string {
    return config.themes.find((theme) => theme.code === code)?.label[lang] ?? code;
  }
}

const textOf = ({ properties }: Item, key: string) =>
  typeof properties[key] === 'string' ? properties[key] : '';

const themesOf = ({ properties }: Item, label: (code: string) => string) =>
  (Array.isArray(properties.themes) ? properties.themes.map(String) : []).map(label).join(', ');
