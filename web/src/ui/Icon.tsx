const PATHS = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.5 10.5 14 14',
  close: 'm3.5 3.5 9 9m0-9-9 9',
  plus: 'M8 2.5v11M2.5 8h11',
  minus: 'M2.5 8h11',
  down: 'm4 6 4 4 4-4',
  next: 'm6 3.5 4.5 4.5L6 12.5',
  share:
    'M5.8 7.1l4.4-2.6M5.8 8.9l4.4 2.6M4 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6M12 1.8a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6M12 10.6a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6',
  locate: 'M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8',
  sun: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6M8 1v1.5M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  moon: 'M13.500 9.700A6 6 0 0 1 6.300 2.500a6 6 0 1 0 7.200 7.200',
  play: 'M5 3v10l8-5z',
  pause: 'M5 3v10M11 3v10',
  map: 'M1.500 4 6 2.500l4 1.500 4.500-1.500v9.500L10 13.500 6 12l-4.500 1.500zM6 2.500V12M10 4v9.500',
  table: 'M2 3h12v10H2zM2 6.500h12M2 9.700h12M6.500 6.500V13',
  agenda: 'M2.500 3.500h11v10h-11zM2.500 6.700h11M5.500 1.800v3M10.500 1.800v3',
  list: 'M5.500 4H14M5.500 8H14M5.500 12H14M2.200 4h.1M2.200 8h.1M2.200 12h.1',
  filter: 'M2 4h12M4.500 8h7M6.500 12h3',
  home: 'M2 8 8 2.500 14 8M3.500 7v6.500h9V7',
  full: 'M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10',
  link: 'M6.500 9.500a3 3 0 0 0 4.300 0l2.300-2.300a3 3 0 0 0-4.300-4.300l-.8.8M9.500 6.500a3 3 0 0 0-4.300 0L2.900 8.800a3 3 0 0 0 4.300 4.300l.8-.8',
  printer: 'M4.500 5.500v-4h7v4M4.500 11.500H2v-6h12v6h-2.500M4.500 9.500h7v5h-7z',
} as const;

export type IconName = keyof typeof PATHS;

/** A sign beside or instead of a word; the word is said elsewhere. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
