"""What every row reads, made once and kept in build/peers/server: the edition of a million actors, and the same rows
in PostGIS, DuckDB, a GeoPackage; our boundary tiles as files."""

import csv
import json
import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import duckdb_extension_spatial
import ours
from measure import say

HERE = Path(__file__).parent
WORK = Path(os.environ.get("PEERS_BUILD", "build/peers")).absolute() / "server"
SCALE = Path(os.environ.get("SCALE_DATA", "build/scale-1m")).absolute()
"""The folder of `make scale-data`."""
DEMO = WORK / "demo-data"
CSV, GPKG, DUCKDB, TILES = WORK / "actors.csv", WORK / "actors.gpkg", WORK / "actors.duckdb", WORK / "tiles"
PG_FOLDER = Path(os.environ.get("PEERS_PG", "/var/tmp/parvis-peers-pg"))
PG_PORT = 55_432
PG_BIN = Path("/usr/lib/postgresql/15/bin")
PG_URL = f"postgresql://postgres@127.0.0.1:{PG_PORT}/postgres"
SPATIAL = next((Path(duckdb_extension_spatial.__file__).parent / "extensions").rglob("spatial.duckdb_extension"))


def everything() -> None:
    """All of it, from whatever is not there yet."""
    WORK.mkdir(parents=True, exist_ok=True)
    edition()
    demo()
    rows()
    geopackage()
    database()
    unpacked()


def edition() -> None:
    if not (SCALE / "data/CURRENT").exists():
        say("preparing: a million actors")
        env = {**os.environ, "PARVIS_BIN": ours.PROGRAM}
        subprocess.run(["benches/gen/run.sh", "1000000", str(SCALE)], check=True, env=env)


def demo() -> None:
    if not (DEMO / "CURRENT").exists():
        say("preparing: the France demo")
        command = [ours.PROGRAM, "ingest", "data/demo/france.toml", "--data", str(DEMO)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def fresh(made: Path) -> bool:
    """Whether something was made from the edition in force."""
    return made.exists() and made.stat().st_mtime > (SCALE / "data/CURRENT").stat().st_mtime


def export(form: str, out: Path) -> list[str]:
    """Our command that exports the actors."""
    return [ours.PROGRAM, "export", "actors", "--format", form, "--data", str(SCALE / "data"), "-o", str(out)]


def rows() -> None:
    """Our CSV export: what the others load, so that all have the same rows."""
    if not fresh(CSV):
        say("preparing: the rows as CSV")
        CSV.unlink(missing_ok=True)
        subprocess.run(export("csv", CSV), check=True, stderr=subprocess.DEVNULL)


def geopackage() -> None:
    if not fresh(GPKG):
        say("preparing: a GeoPackage")
        GPKG.unlink(missing_ok=True)
        source = ["-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", "-oo", "KEEP_GEOM_COLUMNS=NO"]
        command = ["ogr2ogr", "-f", "GPKG", str(GPKG), str(CSV), *source, "-nln", "actors", "-a_srs", "EPSG:4326"]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def database() -> None:
    """DuckDB's own file: points in EPSG:3857 along a Hilbert curve, so that its zone maps skip."""
    if not fresh(DUCKDB):
        say("preparing: DuckDB")
        DUCKDB.unlink(missing_ok=True)
        with duckdb.connect(str(DUCKDB)) as db:
            db.execute(f"LOAD '{SPATIAL}'")
            db.execute(f"""
                CREATE TABLE actors AS
                SELECT * EXCLUDE (themes, lon, lat), string_split(themes, ';') AS themes, lon::DOUBLE AS lon, lat::DOUBLE AS lat,
                       lon::DOUBLE * 20037508.342789244 / 180 AS x,
                       ln(tan(pi() / 4 + radians(lat::DOUBLE) / 2)) * 6378137 AS y
                FROM read_csv('{CSV}', all_varchar = true) WHERE lon IS NOT NULL
                ORDER BY ST_Hilbert(lon::DOUBLE, lat::DOUBLE, ST_Extent(ST_MakeEnvelope(-180, -90, 180, 90)))""")


def unpacked() -> None:
    """Our boundary tiles as `z/x/y.mvt.gz`, what nginx serves with `gzip_static`."""
    if fresh(TILES / "done"):
        return
    say("preparing: boundary tiles as files")
    from pmtiles.reader import MmapSource, all_tiles

    shutil.rmtree(TILES, ignore_errors=True)
    with archive().open("rb") as file:
        for (z, x, y), data in all_tiles(MmapSource(file)):
            path = TILES / f"{z}/{x}/{y}.mvt.gz"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    (TILES / "done").write_text("")


def archive() -> Path:
    """The PMTiles of the edition in force, under a name that others take."""
    current = (SCALE / "data/CURRENT").read_text().strip()
    manifest = json.loads((SCALE / f"data/editions/{current}.json").read_text())
    link = WORK / "boundaries.pmtiles"
    link.unlink(missing_ok=True)
    link.symlink_to(SCALE / f"data/parts/{manifest['tilesets']['boundaries']['sha256']}.pmtiles")
    return link


class PostGIS:
    """A cluster of our own on the loopback, on the servers' core; `with` ends it. The rows are loaded once."""

    def __enter__(self) -> "PostGIS":
        new = not (PG_FOLDER / "PG_VERSION").exists()
        if new:
            PG_FOLDER.mkdir(parents=True, exist_ok=True)
            shutil.chown(PG_FOLDER, "postgres", "postgres")
            PG_FOLDER.chmod(0o700)
            self.run(PG_BIN / "initdb", "-D", PG_FOLDER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        settings = f"-p {PG_PORT} -h 127.0.0.1 -k {PG_FOLDER} -c shared_buffers=1GB -c work_mem=64MB -c jit=off"
        settings += " -c maintenance_work_mem=512MB -c effective_cache_size=4GB -c random_page_cost=1.1"
        self.run(PG_BIN / "pg_ctl", "-D", PG_FOLDER, "-l", PG_FOLDER / "log", "-w", "-o", settings, "start")
        loaded = WORK / "postgis"
        if new or not fresh(loaded):
            self.load()
            loaded.write_text("")
        return self

    def __exit__(self, *_error: object) -> None:
        self.run(PG_BIN / "pg_ctl", "-D", PG_FOLDER, "-m", "fast", "-w", "stop")

    def run(self, *command: object) -> None:
        """As the user that Debian made for it, on the servers' core."""
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        words = [str(word) for word in command]
        subprocess.run(
            ["taskset", "-c", "0", *as_user, *words], check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def load(self) -> None:
        say("preparing: PostGIS")
        with CSV.open(encoding="utf-8", newline="") as file:
            columns = ", ".join(f'"{name}" text' for name in next(csv.reader(file)))
        env = {**os.environ, "PEERS_CSV": str(CSV)}
        command = ["psql", "-q", PG_URL, "-v", f"columns={columns}", "-f", str(HERE / "postgis.sql")]
        subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
