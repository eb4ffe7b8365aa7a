-- The rows of an edition's actors as PostGIS tables with the indexes that their users would give them: `actors` in
-- EPSG:3857 for tiles, with a function that martin serves, and `places` in degrees for the servers of features. psql -v csv=FILE; the columns are those of our CSV export.
\set ON_ERROR_STOP on
CREATE EXTENSION IF NOT EXISTS postgis;
DROP TABLE IF EXISTS actors, places, staged CASCADE;
CREATE TEMPORARY TABLE staged (:columns);
\copy staged FROM PROGRAM 'cat "$PEERS_CSV"' WITH (FORMAT csv, HEADER true)
CREATE TABLE places AS
  SELECT id, kind, name, description, theme, themes, tags, url, telephone, address, postcode, municipality_id, department_id,
         ST_SetSRID(ST_MakePoint(lon::float8, lat::float8), 4326) AS geom
  FROM staged WHERE lon <> '' AND lat <> ''
  ORDER BY ST_GeoHash(ST_SetSRID(ST_MakePoint(lon::float8, lat::float8), 4326), 10);
ALTER TABLE places ADD PRIMARY KEY (id);
CREATE INDEX ON places USING gist (geom);
CREATE INDEX ON places (kind);
CREATE TABLE actors AS
  SELECT id, kind, name, string_to_array(themes, ';') AS themes, ST_Transform(geom, 3857) AS mercator FROM places;
ALTER TABLE actors ADD PRIMARY KEY (id);
CREATE INDEX ON actors USING gist (mercator);
CREATE INDEX ON actors USING gin (themes);
VACUUM ANALYZE places;
VACUUM ANALYZE actors;

-- All points of a tile that have one of the themes of the query's `theme` (by commas), as martin calls it.
CREATE OR REPLACE FUNCTION filtered(z integer, x integer, y integer, query json) RETURNS bytea AS $$
  SELECT ST_AsMVT(tile, 'actors', 4096, 'geometry') FROM (
    SELECT id, kind, name, array_to_string(themes, '|') AS themes,
           ST_AsMVTGeom(mercator, ST_TileEnvelope(z, x, y), 4096, 0, true) AS geometry
    FROM actors
    WHERE mercator && ST_TileEnvelope(z, x, y) AND themes && string_to_array(query->>'theme', ',')
  ) AS tile WHERE geometry IS NOT NULL
$$ LANGUAGE sql STABLE PARALLEL SAFE STRICT;
