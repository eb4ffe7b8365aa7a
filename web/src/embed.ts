/** What an embed shows besides the map; by its address, `0` or `1`. */
export const SWITCHES = {
  title: false,
  search: false,
  list: false,
  filters: false,
  legend: true,
  time: false,
  zoom: true,
  fullscreen: true,
  share: false,
  wheel: false,
};
export type Switches = typeof SWITCHES;

export function readSwitches(query: URLSearchParams): Switches {
  const read = ([key, usual]: [string, boolean]) => {
    const value = query.get(key);
    // the page's own `list` says of what: then there is one
    if (key === 'list' && (value === 'actors' || value === 'events')) return [key, true];
    return [
      key,
      value === '1' || value === 'true' ? true : value === '0' || value === 'false' ? false : usual,
    ];
  };
  return Object.fromEntries(Object.entries(SWITCHES).map(read)) as Switches;
}
