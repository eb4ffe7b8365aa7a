"""Row 4: tiles of a million points under a filter, each asked for the first time."""

import itertools
import random

import duckdb
import load
import mapbox_vector_tile
import peers
import prepare
import tilelist
from measure import say
from processes import NotStarted
from tilelist import mercator_bounds

ZOOMS = (5, 6, 7, 8, 9, 10, 12)
HEAT_ZOOMS = (0, 2, 4)
PER_ZOOM = 40
THEMES = ("food", "health", "waste", "transport", "education", "citizen", "economy", "energy", "culture", "environment",
          "numeric", "sport")  # fmt: skip
SEED = 12


def requests(zoom: int, count: int) -> list[tuple[tuple[int, int, int], str]]:
    """Different pairs of a tile and two themes."""
    draw = random.Random(SEED + zoom)
    pairs = [",".join(pair) for pair in itertools.combinations(THEMES, 2)]
    tiles = tilelist.distinct(zoom, count)
    every = list(itertools.product(tiles, pairs))
    return draw.sample(every, min(count, len(every)))


def measure(runs: int) -> dict:
    """Times of single answers, by zoom; and how many points each says lie in the same tiles."""
    count = PER_ZOOM if runs > 1 else 8
    row: dict = {"count": count, "servers": {}, "failed": {}, "points": {}}
    with prepare.PostGIS():
        for name, starter in {"parvis": peers.prepared, "martin + PostGIS": peers.martin_postgis}.items():
            try:
                with starter() as server:
                    pattern = "/tiles/actors/{}/{}/{}?theme={}" if name == "parvis" else "/filtered/{}/{}/{}?theme={}"
                    load.ask(server, [pattern.format(*tile, themes) for tile, themes in requests(11, 20)])
                    row["servers"][name], row["points"][name] = by_zoom(server, pattern, count)
                    if name == "parvis":
                        row["heat"] = heat(server, count)
                        row["duckdb_filter"] = needs_duckdb(server, count)
                    say(f"  {name}: " + ", ".join(f"z{z} {f['p50']:.1f}" for z, f in row["servers"][name].items()) + " ms p50")
            except NotStarted as error:
                row["failed"][name] = str(error)
    row["servers"]["DuckDB spatial"], row["points"]["DuckDB spatial"] = in_duckdb(count)
    return row


def by_zoom(server: load.Server, pattern: str, count: int) -> tuple[dict, dict]:
    times, points = {}, {}
    for zoom in ZOOMS:
        asked = requests(zoom, count)
        answers = load.ask(server, [pattern.format(*tile, themes) for tile, themes in asked])
        times[zoom] = load.percentiles([a.milliseconds for a in answers])
        times[zoom]["errors"] = sum(a.status not in (200, 204) for a in answers)
        times[zoom]["kb"] = round(sum(len(a.body) for a in answers) / len(answers) / 1e3, 1)
        points[zoom] = sum(located(a.plain()) for a in answers if a.status == 200)
    return times, points


def located(body: bytes) -> int:
    """Points of a tile, and those that its clusters stand for."""
    total = 0
    for name, layer in mapbox_vector_tile.decode(body).items():
        clusters = name.endswith("_clusters")
        total += sum(f["properties"]["count"] if clusters else 1 for f in layer["features"])
    return total


def heat(server: load.Server, count: int) -> dict:
    """Our heat tiles, which nobody else has."""
    out = {}
    for zoom in HEAT_ZOOMS:
        answers = load.ask(server, [f"/tiles/heat/{t[0]}/{t[1]}/{t[2]}?theme={themes}" for t, themes in requests(zoom, count)])
        if all(a.status in (200, 204) for a in answers):
            out[zoom] = load.percentiles([a.milliseconds for a in answers])
    return out


def needs_duckdb(server: load.Server, count: int) -> dict:
    """A filter on text that is in no column of the index: the first tile with it, and the tiles after."""
    first, after = [], []
    for number in range(max(4, count // 8)):
        condition = f"name%20LIKE%20%27%25{'aeioulmnprst'[number % 12]}{number}%25%27"
        tiles = tilelist.distinct(9, 6)
        answers = load.ask(server, [f"/tiles/actors/{z}/{x}/{y}?filter={condition}" for z, x, y in tiles])
        if any(a.status not in (200, 204) for a in answers):
            return {}
        first.append(answers[0].milliseconds)
        after += [a.milliseconds for a in answers[1:]]
    return {"first": load.percentiles(first), "after": load.percentiles(after)}


def in_duckdb(count: int) -> tuple[dict, dict]:
    """`ST_AsMVT` in this process, on one thread: no network, no server. The bounds stand in the statement as numbers,
    on the table's own columns, so that whole row groups are skipped."""
    times, points = {}, {}
    with duckdb.connect(str(prepare.DUCKDB), read_only=True, config={"threads": 1}) as db:
        db.execute(f"LOAD '{prepare.SPATIAL}'")
        for zoom in ZOOMS:
            took, total = [], 0
            for tile, themes in requests(zoom, count):
                began = load.time.perf_counter()
                body = db.execute(statement(*tile, themes)).fetchone()[0]
                took.append((load.time.perf_counter() - began) * 1000)
                total += located(bytes(body)) if body else 0
            times[zoom], points[zoom] = load.percentiles(took), total
    say("  DuckDB spatial: " + ", ".join(f"z{z} {f['p50']:.1f}" for z, f in times.items()) + " ms p50")
    return times, points


def statement(z: int, x: int, y: int, themes: str) -> str:
    west, south, east, north = mercator_bounds(z, x, y)
    wanted = ", ".join(f"'{theme}'" for theme in themes.split(","))
    box = f"ST_MakeBox2D(ST_Point({west}, {south}), ST_Point({east}, {north}))"
    return f"""
        SELECT ST_AsMVT(tile, 'actors', 4096, 'geometry') FROM (
          SELECT id, kind, name, array_to_string(themes, '|') AS themes,
                 ST_AsMVTGeom(ST_Point(x, y), {box}, 4096, 0, true) AS geometry
          FROM actors
          WHERE x >= {west} AND x < {east} AND y > {south} AND y <= {north} AND list_has_any(themes, [{wanted}])
        ) AS tile WHERE geometry IS NOT NULL"""
