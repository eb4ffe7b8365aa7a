"""What tiles are held against: the territory of each level, and where the units overlap before anybody draws them."""

from dataclasses import dataclass
from pathlib import Path

import numpy
import ours
import shapely
from archive import EXTENT, Coord
from shapely.geometry import shape

MARGIN = 64
"""Tile units: four pixels of a tile 256 pixels wide."""

TILE = shapely.box(0, 0, EXTENT, EXTENT)

EQUATOR = 40_075_016.685578488
"""Metres around the sphere of Web Mercator."""


@dataclass
class Truth:
    """A level as its units have it, before any tile."""

    territory: list[shapely.Geometry]
    """By zoom, the union of the units in the square of Web Mercator (0 to 1, y down), simplified by a few units."""
    overlapping: set[frozenset[str]]
    """Pairs of units that overlap already: neighbours whose lines differ by a vertex."""
    overlap_m2: float
    """How much, in square metres of ground."""


def read(units: Path) -> Truth:
    """Reads the units of a level."""
    features = ours.read_units(units)
    ids = [feature["properties"]["id"] for feature in features]
    shapes = shapely.transform(numpy.array([shape(f["geometry"]) for f in features]), to_mercator)
    torn = numpy.array([not edges.is_empty for edges in shapely.coverage_invalid_edges(shapes)])
    pairs = overlaps(shapes[torn], [id_ for id_, t in zip(ids, torn, strict=True) if t])
    metres = sum(common.area * (EQUATOR * scale(common.centroid.y)) ** 2 for _, common in pairs)
    # Whose borders all match is put together by leaving shared edges out; only the few others need true overlay.
    union = shapely.unary_union([shapely.coverage_union_all(shapes[~torn]), *shapes[torn]])
    return Truth(by_zoom(union), {pair for pair, _ in pairs}, float(metres))


def overlaps(shapes: numpy.ndarray, ids: list[str]) -> list[tuple[frozenset[str], shapely.Geometry]]:
    """The pairs that share an area, and what they share."""
    pairs = []
    for i, j in shapely.STRtree(shapes).query(shapes, predicate="intersects").T:
        if i < j:
            common = shapely.intersection(shapes[i], shapes[j])
            if common.area > 0:
                pairs.append((frozenset((ids[i], ids[j])), common))
    return pairs


def by_zoom(union: shapely.Geometry) -> list[shapely.Geometry]:
    """The union simplified zoom by zoom from the deepest, each time by at most a tile unit."""
    zooms = []
    for z in range(ours.LAST_ZOOM, -1, -1):
        union = shapely.simplify(union, 1 / (EXTENT * 2**z), preserve_topology=False)
        zooms.append(union)
    return zooms[::-1]


def inside(truth: Truth, at: Coord) -> shapely.Geometry:
    """What a level must cover in a tile, in tile units: its territory, `MARGIN` in from its own border."""
    z, x, y = at
    margin = 2 * MARGIN / EXTENT
    corners = [(x - margin) / 2**z, (y - margin) / 2**z, (x + 1 + margin) / 2**z, (y + 1 + margin) / 2**z]
    part = shapely.clip_by_rect(truth.territory[z], *corners)
    part = shapely.transform(part, lambda points: (points * 2**z - (x, y)) * EXTENT)
    part = part if part.is_valid else shapely.make_valid(part)
    return shapely.intersection(shapely.buffer(part, -MARGIN, quad_segs=2), TILE)


def to_mercator(degrees: numpy.ndarray) -> numpy.ndarray:
    """Longitude and latitude to the square of Web Mercator."""
    x = (degrees[:, 0] + 180) / 360
    y = (1 - numpy.arcsinh(numpy.tan(numpy.radians(degrees[:, 1]))) / numpy.pi) / 2
    return numpy.column_stack([x, y])


def scale(y: float) -> float:
    """Ground length over map length at a height of the square of Web Mercator."""
    return 1 / numpy.cosh(numpy.pi * (1 - 2 * y))


def square_metres(at: Coord, drawn: shapely.Geometry) -> float:
    """Square metres of ground in a square tile unit, at the latitude of what is drawn (in tile units)."""
    z, _, y = at
    middle = (y + (drawn.centroid.y / EXTENT if not drawn.is_empty else 0.5)) / 2**z
    return float((EQUATOR * scale(middle) / (2**z * EXTENT)) ** 2)
