"""Opens every download and tile of a running Parvis with other people's readers and compares the counts.

usage: formats.py URL WORK_FOLDER
"""

import json
import subprocess
import sys
import urllib.request
from gzip import decompress
from hashlib import sha256
from pathlib import Path

import duckdb
import mapbox_vector_tile
import pyogrio
from pmtiles.reader import MmapSource, Reader, all_tiles

COLLECTIONS = [
    "countries",
    "regions",
    "departments",
    "intercommunalities",
    "municipalities",
    "neighbourhoods",
    "actors",
    "events",
]
FORMATS = ["geojson", "geojsonseq", "csv", "fgb", "parquet"]


def fetch(url: str, to: Path) -> None:
    with urllib.request.urlopen(url) as response:
        to.write_bytes(response.read())


def matched(base: str, collection: str) -> int:
    with urllib.request.urlopen(f"{base}/collections/{collection}/items?limit=1&f=json") as response:
        return json.load(response)["numberMatched"]


def rows(path: Path) -> int:
    """The rows of a download, by DuckDB where it reads the format and by GDAL (pyogrio) where it does not."""
    match path.suffix:
        case ".parquet":
            return duckdb.sql(f"select count(*) from read_parquet('{path}')").fetchone()[0]
        case ".csv":
            return duckdb.sql(f"select count(*) from read_csv('{path}', all_varchar=true)").fetchone()[0]
        case ".geojsonseq":
            # a text sequence (RFC 8142): a record separator and a Feature a line
            lines = path.read_bytes().splitlines()
            assert all(line.startswith(b'\x1e{"type":"Feature"') for line in lines), path
            if not lines:  # no driver knows what nothing is
                return 0
            found = pyogrio.read_info(path, force_feature_count=True)
            assert found["driver"] == "GeoJSONSeq" and found["features"] == len(lines), found
            return len(lines)
        case ".geojson":
            return duckdb.sql(
                f"select sum(len(features)) from read_json('{path}', maximum_object_size=1000000000,"
                " columns={features: 'JSON[]'})"
            ).fetchone()[0]
        case ".fgb":
            return pyogrio.read_info(path, force_feature_count=True)["features"]
    raise ValueError(path)


def check_downloads(base: str, work: Path) -> None:
    for collection in COLLECTIONS:
        expected = matched(base, collection)
        for extension in FORMATS:
            path = work / f"{collection}.{extension}"
            fetch(f"{base}/downloads/{path.name}", path)
            found = rows(path)
            assert found == expected, f"{path.name} has {found} rows, items have {expected}"
        info = pyogrio.read_info(work / f"{collection}.fgb")
        assert info["crs"] == "EPSG:4326", info["crs"]
        parquet = pyogrio.list_drivers().get("Parquet")
        if parquet:
            assert pyogrio.read_info(work / f"{collection}.parquet", force_feature_count=True)["features"] == expected
        if expected:
            validate_geoparquet(work / f"{collection}.parquet")
        print(f"{collection}: {expected} rows in {len(FORMATS)} formats")


def validate_geoparquet(path: Path) -> None:
    program = Path(sys.executable).with_name("geoparquet-validator")
    run = subprocess.run([program, "check", str(path)], capture_output=True, text=True)
    assert run.returncode == 0, f"{path.name} is no valid GeoParquet:\n{run.stdout}{run.stderr}"


def check_checksums(base: str, work: Path) -> None:
    with urllib.request.urlopen(f"{base}/editions?f=json") as response:
        current = next(edition["id"] for edition in json.load(response)["editions"] if edition["current"])
    with urllib.request.urlopen(f"{base}/editions/{current}?f=json") as response:
        text = response.read().decode()
    for path in sorted(work.glob("*.*")):
        if path.suffix[1:] in FORMATS:
            digest = sha256(path.read_bytes()).hexdigest()
            assert digest in text, f"the manifest does not name the hash of {path.name}"


def check_tiles(base: str, work: Path) -> None:
    path = work / "boundaries.pmtiles"
    fetch(f"{base}/downloads/boundaries.pmtiles", path)
    layers, tiles = set(), 0
    with path.open("rb") as file:
        reader = Reader(MmapSource(file))
        header = reader.header()
        assert header["clustered"] and header["max_zoom"] == 12, header
        for (z, x, y), data in all_tiles(MmapSource(file)):
            assert len(data) <= 500_000, f"{z}/{x}/{y} has {len(data)} bytes"
            decoded = mapbox_vector_tile.decode(decompress(data))
            assert decoded, f"{z}/{x}/{y} is empty"
            layers.update(decoded)
            tiles += 1
    units = {collection for collection in COLLECTIONS[:6] if matched(base, collection)}
    assert layers == {*units, "boundary_lines", "admin_labels"}, layers
    print(f"boundaries.pmtiles: mapbox-vector-tile decodes {tiles} tiles")


def check_ogc(base: str) -> None:
    if "OAPIF" not in pyogrio.list_drivers():
        return
    layers = [name for name, _ in pyogrio.list_layers(f"OAPIF:{base}")]
    assert sorted(layers) == sorted(COLLECTIONS), layers
    count = len(pyogrio.raw.read(f"OAPIF:{base}", layer="departments")[2])
    assert count == matched(base, "departments"), count
    print(f"GDAL OAPIF: {len(layers)} collections, {count} departments")


def main() -> None:
    base, work = sys.argv[1], Path(sys.argv[2])
    check_downloads(base, work)
    check_checksums(base, work)
    check_tiles(base, work)
    check_ogc(base)


if __name__ == "__main__":
    main()
