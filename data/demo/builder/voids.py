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


@dataclass
class Void:
    """A void, with the land on the left of its ring.

    `whose` is `absorbed` (its place gets the land), `missing` (it is the land of a commune without contour, known by
    its sub-communes), `unattributed` (the department's, no commune can be named) or `real` (a hole that stays).
    """

    ids: list[int]
    hectares: float
    whose: str
    place: int | None
    neighbours: list[int]


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

    voids = []
    for walk in closed_walks(free_edges(mesh, rings)):
        ids = [a for a, _, _ in walk]
        area = -square_metres(mesh, ids)
        if area <= 0:
            continue  # a coast or an outer frontier
        neighbours = sorted({ring.unit for _, _, ring in walk})
        inside = shapely.Polygon([mesh.position(node) for node in ids]).representative_point()
        heirs = [unit for unit in neighbours if lacking[places[unit].code]]
        place = _owner(inside, subs, sub_units, places, by_code)
        whose = "missing"
        if place is None or places[place].geometry is not None:
            place, whose = (heirs[0], "absorbed") if len(heirs) == 1 and area > SMALLEST_COMMUNE else (None, "real")
            if whose == "real" and area > SMALLEST_COMMUNE and len({places[u].department for u in neighbours}) == 1:
                whose = "unattributed"
        voids.append(Void(ids[::-1], area / HECTARE, whose, place, neighbours))
    return voids
