import type { Messages } from '../i18n/index.ts';
import { useApp } from './context.ts';

const COLLECTIONS: readonly (keyof Messages['collection'])[] = [
  'actors',
  'events',
  'countries',
  'regions',
  'departments',
  'intercommunalities',
  'municipalities',
  'neighbourhoods',
];

/** extension → what people call it */
const FORMATS = {
  geojson: 'GeoJSON',
  geojsonseq: 'GeoJSONSeq',
  csv: 'CSV',
  fgb: 'FlatGeobuf',
  parquet: 'GeoParquet',
};

/** What is in the fold of the downloads, loaded when it is opened. */
export function DownloadList() {
  const { text } = useApp();
  return (
    <ul>
      {COLLECTIONS.map((name) => (
        <li key={name}>
          <span>{text.collection[name]}</span>
          <span class="formats">
            {Object.entries(FORMATS).map(([extension, format]) => (
              <a
                key={extension}
                href={`downloads/${name}.${extension}`}
                aria-label={`${text.collection[name]}, ${format}`}
              >
                {format}
              </a>
            ))}
          </span>
        </li>
      ))}
      <li>
        <span>{text.boundaryTiles}</span>
        <span class="formats">
          <a href="downloads/boundaries.pmtiles" aria-label={`${text.boundaryTiles}, PMTiles`}>
            PMTiles
          </a>
        </span>
      </li>
    </ul>
  );
}
