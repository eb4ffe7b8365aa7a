"""Gaps and overlaps between neighbours in the tiles of every tiler, by zoom and level.

Overlap: where two polygons of a level share an area. The vertices of a tile are whole numbers, so the areas of a level
added up and the area of their union are exact, and "none" means none, not "few". Pairs of units that overlap in the
source already are counted apart.

Gap: what a level should cover and does not. Simplifying moves the outer border (coast, frontier) in every tiler, so the
measure is the inside only: the true union of the units, `MARGIN` tile units in from its border.

Apart: what a level's union covers and its members' union does not, or the other way round (regions and
departments, say).
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import archive
import numpy
import ours
import shapely
import truth
from archive import Archive, Coord, Polygon
from measure import say
from truth import TILE, Truth

WHOLE_UNTIL = 7
"""Up to this zoom all tiles are measured, from there on those of `BOXES`."""

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

BOXES: dict[str, dict[str, Box]] = {
    "france": {
        "La Réunion": (55.2, -21.4, 55.9, -20.85),
        "a box of 60 km where three regions meet, near Montluçon": (1.89, 46.15, 2.67, 46.69),
    },
    "tenth": {"a box of 60 km where four departments meet, near Saint-Quentin": (2.8, 49.6, 3.6, 50.15)},
}

PAIRS = [("countries", "regions"), ("regions", "departments"), ("departments", "municipalities")]
"""Levels of which the second, put together, is the first."""

NOISE = 1e-6
"""Square tile units: what is less comes from the arithmetic of gaps, whose reference is no whole number."""

_truths: dict[str, Truth] = {}
_archives: dict[str, Archive] = {}
_paths: dict[str, Path] = {}


@dataclass
class Sum:
    """One level of one tiler at one zoom, over the tiles measured."""

    polygons: int = 0
    invalid: int = 0
    invalid_in_buffer: int = 0
    """Of these, whose first defect lies outside the tile's own square."""
    overlap_units: float = 0.0
    overlap_m2: float = 0.0
    overlap_tiles: int = 0
    source_overlap_m2: float = 0.0
    gap_units: float = 0.0
    gap_m2: float = 0.0
    gap_tiles: int = 0
    apart_m2: float = 0.0
    drawn_m2: float = 0.0
    ids: set[str] = field(default_factory=set)

    def add(self, other: "Sum") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) | value if name == "ids" else getattr(self, name) + value)


def measure(paths: dict[str, Path], levels: dict[str, Path], boxes: dict[str, Box]) -> dict:
    """Gaps and overlaps of all archives (by tool) in the same tiles; `levels` are the units they were made of."""
    say("gaps and overlaps: the true territory of each level")
    for known in (_truths, _archives, _paths):
        known.clear()
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=fork) as pool:
        smallest_first = sorted(levels, key=ours.COLLECTIONS.index, reverse=True)
        _truths.update(zip(smallest_first, pool.map(truth.read, [levels[n] for n in smallest_first]), strict=True))
    _paths.update(paths)
    tiles = sample(paths, boxes)
    say(f"  {len(tiles)} tiles of {len(paths)} archives")
    sums: dict[tuple[str, int, str], Sum] = {}
    with ProcessPoolExecutor(os.cpu_count(), mp_context=fork) as pool:
        for at, found in zip(tiles, pool.map(measure_tile, tiles), strict=True):
            for (tool, level), one in found.items():
                sums.setdefault((tool, at[0], level), Sum()).add(one)
    rows = []
    for (tool, zoom, level), one in sorted(sums.items()):
        told = {k: round(v, 3) for k, v in vars(one).items() if k != "ids"}
        units = len(one.ids) if zoom <= WHOLE_UNTIL else None
        rows.append({"tool": tool, "zoom": zoom, "level": level, "units": units, **told})
    source = {n: {"pairs": len(t.overlapping), "m2": round(t.overlap_m2)} for n, t in sorted(_truths.items())}
    counts = {str(z): sum(1 for t in tiles if t[0] == z) for z in range(ours.LAST_ZOOM + 1)}
    return {"tiles": counts, "boxes": list(boxes), "source_overlaps": source, "rows": rows}


def sample(paths: dict[str, Path], boxes: dict[str, Box]) -> list[Coord]:
    """The tiles to measure: those that some archive has, whole up to `WHOLE_UNTIL`, in the boxes from there on."""
    squares = [mercator_box(*box) for box in boxes.values()]
    tiles = {
        at
        for path in paths.values()
        for at, _ in Archive(path)
        if at[0] <= WHOLE_UNTIL or any(touches(at, square) for square in squares)
    }
    return sorted(tiles)


def mercator_box(west: float, south: float, east: float, north: float) -> Box:
    """A box in degrees as left, top, right, bottom of the Web Mercator square."""
    (left, top), (right, bottom) = truth.to_mercator(numpy.array([[west, north], [east, south]]))
    return left, top, right, bottom


def touches(at: Coord, box: Box) -> bool:
    """Whether a tile meets a box of the Web Mercator square."""
    z, x, y = at
    left, top, right, bottom = (edge * 2**z for edge in box)
    return left < x + 1 and x < right and top < y + 1 and y < bottom


def measure_tile(at: Coord) -> dict[tuple[str, str], Sum]:
    """One tile of every archive, by tool and level."""
    levels = [name for name in _truths if ours.FIRST_ZOOM[name] <= at[0]]
    insides = {level: truth.inside(_truths[level], at) for level in levels}
    found = {}
    for tool, path in _paths.items():
        if tool not in _archives:
            _archives[tool] = Archive(path)
        drawn = archive.polygons(_archives[tool].get(at), levels)
        unions = {}
        for level in levels:
            found[tool, level], unions[level] = one_level(at, level, drawn.get(level, []), insides[level])
        for parent, children in PAIRS:
            if parent in unions and children in unions:
                apart = lying_apart(unions[parent], unions[children], insides[parent])
                found[tool, parent].apart_m2 = apart * truth.square_metres(at, unions[parent])
    return found


def lying_apart(parents: shapely.Geometry, children: shapely.Geometry, must: shapely.Geometry) -> float:
    """Square tile units of the parents that no child covers, and of the children inside the parents' territory that no
    parent does: outside of it are children without a parent, such as Saint-Pierre-et-Miquelon's."""
    more = shapely.intersection(shapely.difference(parents, children), TILE).area
    less = shapely.intersection(shapely.difference(children, parents), must).area
    return more + less if more + less > NOISE else 0.0


def one_level(at: Coord, level: str, polygons: list[Polygon], must: shapely.Geometry) -> tuple[Sum, shapely.Geometry]:
    """The polygons of one level in a tile against what they must cover; their union too."""
    one = Sum(polygons=len(polygons), ids={p.identity for p in polygons})
    shapes, doubled = [], 0
    for polygon in polygons:
        valid = polygon.geometry.is_valid
        shapes.append(polygon.geometry if valid else repaired(polygon.geometry))
        doubled += polygon.doubled_area if valid else 2 * shapes[-1].area
        if not valid:
            one.invalid += 1
            one.invalid_in_buffer += not TILE.intersects(defect(polygon.geometry))
    union = shapely.unary_union(shapes)
    metres = truth.square_metres(at, union)
    one.drawn_m2 = shapely.intersection(union, TILE).area * metres
    if doubled != 2 * union.area:
        # The buffer is left out, so that a tile's neighbour does not count the same overlap again.
        within = shapely.intersection(numpy.array(shapes), TILE)
        pairs = truth.overlaps(within, [p.identity for p in polygons])
        known = _truths[level].overlapping
        one.source_overlap_m2 = sum(common.area for pair, common in pairs if pair in known) * metres
        one.overlap_units = sum(common.area for pair, common in pairs if pair not in known)
        one.overlap_m2, one.overlap_tiles = one.overlap_units * metres, int(one.overlap_units > 0)
    uncovered = shapely.difference(must, union).area
    if uncovered > NOISE:
        one.gap_units, one.gap_m2, one.gap_tiles = uncovered, uncovered * metres, 1
    return one, union


def defect(polygon: shapely.Geometry) -> shapely.Point:
    """Where GEOS first finds a polygon invalid: "Self-intersection[2405 2799]"."""
    where = shapely.is_valid_reason(polygon).rsplit("[", 1)[-1].rstrip("]")
    return shapely.Point([float(number) for number in where.split()[:2]])


def repaired(polygon: shapely.Geometry) -> shapely.Geometry:
    """What an invalid polygon covers."""
    return shapely.make_valid(polygon, method="structure", keep_collapsed=False)
