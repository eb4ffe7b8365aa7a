"""Land that no commune's contour covers, and whose it is.

The contours are older than the list of communes: where a commune was absorbed lately, its land is missing from the
contour of the commune that absorbed it, and four communes are missing altogether. Left alone these voids would be
holes in every higher level. Each is attributed as far as the sources say, never by guess; the rest is real (water).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import shapely

from mesh import Mesh, Ring
from sources import Place
from topology import HECTARE, closed_walks, free_edges, square_metres

SMALLEST_COMMUNE = 50 * HECTARE
LLIVIA = shapely.Point(1.9811, 42.4645)  # a Spanish town enclosed by France: the one void that is another country


@dataclass
class Void:
    """A void: its outline and those of the islands in it, the land on their left.

    `whose` is `absorbed` (its place gets the land), `missing` (it is the land of a commune without contour, known by
    its sub-communes), `unattributed` (the department's, no commune can be named) or `real` (a hole that stays).
    """

    walks: list[list[int]]
    hectares: float
    whose: str
    place: int | None
    neighbours: list[int]

    def rings(self, unit: int) -> list[Ring]:
        """The void as rings of a unit."""
        return [Ring(unit, walk, number > 0) for number, walk in enumerate(self.walks)]


def _owner(inside: shapely.Point, subs: shapely.STRtree, sub_units: list[int], places: list[Place],
           by_code: dict[str, int]) -> int | None:
    found = [sub_units[i] for i in subs.query(inside, predicate="intersects").tolist()]
    return by_code[places[found[0]].commune] if found else None


def find(mesh: Mesh, rings: list[Ring], places: list[Place]) -> list[Void]:
    """Every void enclosed by the given communes' rings."""
    by_code = {place.code: i for i, place in enumerate(places) if place.is_commune}
    sub_units = [i for i, p in enumerate(places) if not p.is_commune and p.geometry is not None]
    subs = shapely.STRtree([places[i].geometry for i in sub_units])
    lacking: dict[str, int] = defaultdict(int)
    for place in places:
        if place.type in ("COMD", "COMA") and place.geometry is None and place.code != place.commune:
            lacking[place.commune] += 1

    outlines, islands = [], []
    for walk in closed_walks(free_edges(mesh, rings)):
        ids = [a for a, _, _ in walk]
        touching = {ring.unit for _, _, ring in walk}
        (outlines if mesh.area(ids) < 0 else islands).append((ids, touching))
    nearby = shapely.STRtree([shapely.Polygon([mesh.position(node) for node in ids]) for ids, _ in islands])

    voids = []
    for ids, touching in outlines:
        shape = shapely.Polygon([mesh.position(node) for node in ids])
        within = [islands[i] for i in nearby.query(shape, predicate="covers").tolist()]
        area = -square_metres(mesh, ids)
        for island, units in within:
            area -= square_metres(mesh, island)
            touching |= units
            shape -= shapely.Polygon([mesh.position(node) for node in island])
        neighbours = sorted(touching)
        heirs = [unit for unit in neighbours if lacking[places[unit].code]]
        place = _owner(shape.representative_point(), subs, sub_units, places, by_code)
        whose = "missing"
        if place is None or places[place].geometry is not None:
            place, whose = (heirs[0], "absorbed") if len(heirs) == 1 and area > SMALLEST_COMMUNE else (None, "real")
            lost = area > SMALLEST_COMMUNE and not shape.contains(LLIVIA)
            if whose == "real" and lost and len({places[u].department for u in neighbours}) == 1:
                whose = "unattributed"
        walks = [ids, *(island for island, _ in within)]
        voids.append(Void([walk[::-1] for walk in walks], area / HECTARE, whose, place, neighbours))
    return voids
