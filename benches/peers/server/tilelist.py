"""Lists of tiles where people live: towns drawn by their population with a fixed seed."""

import math
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "gen"))
import communes  # noqa: E402  (benches/gen)

SEED = 3857


def around(zooms: list[int], count: int, seed: int = SEED) -> list[tuple[int, int, int]]:
    """`count` tiles, a zoom and a town at random each, within some kilometres of its town hall; repeats are as frequent as in life."""
    places, draw = communes.read(), random.Random(seed)
    towns = draw.choices(range(len(places.code)), weights=places.weight, k=count)
    out = []
    for town in towns:
        spread = places.spread_km[town] / communes.KM_PER_DEGREE * 2
        lon, lat = places.lon[town] + draw.gauss(0, spread), places.lat[town] + draw.gauss(0, spread)
        out.append(tile(draw.choice(zooms), lon, lat))
    return out


def distinct(zoom: int, count: int, seed: int = SEED) -> list[tuple[int, int, int]]:
    """Up to `count` different tiles of a zoom, the most lived-in first."""
    found = dict.fromkeys(around([zoom], 2_000, seed))
    return list(found)[:count]


def tile(z: int, lon: float, lat: float) -> tuple[int, int, int]:
    """The tile of a point, x and y as in XYZ."""
    n = 2**z
    x = int((lon + 180) / 360 * n)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)
    return z, x, y


def mercator_bounds(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east, north in metres of EPSG:3857."""
    half = 20_037_508.342789244
    side = 2 * half / 2**z
    return x * side - half, half - (y + 1) * side, (x + 1) * side - half, half - y * side
