"""Finds points in polygons with another tool; run as a program so that its memory can be measured.

usage: levels_job.py duckdb|geopandas SPATIAL_EXTENSION POINTS.csv OUT.json UNITS.parquet...
"""

import json
import sys
from pathlib import Path


def in_duckdb(spatial: str, points: str, units: list[str]) -> dict[str, int]:
    """A spatial join a level; the count of points that it finds."""
    import duckdb

    db = duckdb.connect()
    db.execute(f"LOAD '{spatial}'")
    db.execute(f"CREATE TABLE p AS SELECT ST_Point(lon, lat) AS at FROM read_csv('{points}')")
    found = {}
    for path in units:
        db.execute(f"CREATE OR REPLACE TABLE u AS SELECT id, geometry FROM read_parquet('{path}') WHERE geometry IS NOT NULL")
        db.execute("CREATE OR REPLACE TABLE r AS SELECT u.id FROM p JOIN u ON ST_Intersects(u.geometry, p.at)")
        found[Path(path).stem] = db.execute("SELECT count(*) FROM r").fetchone()[0]
    return found


def in_geopandas(points: str, units: list[str]) -> dict[str, int]:
    """`sjoin` a level."""
    import geopandas
    import pandas

    read = pandas.read_csv(points)
    at = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(read.lon, read.lat), crs="OGC:CRS84")
    found = {}
    for path in units:
        polygons = geopandas.read_parquet(path, columns=["id", "geometry"])
        polygons = polygons[polygons.geometry.notna()].set_crs("OGC:CRS84", allow_override=True)
        found[Path(path).stem] = len(geopandas.sjoin(at, polygons, predicate="intersects"))
    return found


def main() -> None:
    tool, spatial, points, out, *units = sys.argv[1:]
    found = in_duckdb(spatial, points, units) if tool == "duckdb" else in_geopandas(points, units)
    Path(out).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
