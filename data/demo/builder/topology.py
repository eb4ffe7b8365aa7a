"""Mend the places where two neighbours draw their common border differently.

The contours were simplified border by border, and nearly everywhere both sides kept the same vertices. Where they
did not, the two lines enclose a thin lens: an overlap or a gap. In terms of the mesh, an edge walked by one commune
only is *free*; free edges form the coast, the outer frontier, and the rims of those lenses.

1. A node on (within a hair of) another unit's free edge is inserted into that edge; so is the crossing of two.
2. Free edges are followed as closed walks. A small walk made of several communes' edges, whose inside is not land
   of exactly one commune, is a lens: one commune's side of it is replaced by the other side, for every ring that
   runs there, sub-communes included.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import shapely

from mesh import SCALE, Edge, Mesh, Ring, edge, without_repeats

ON_EDGE = 2.0  # grid units (2e-7 degrees, two centimetres)
HECTARE = 1e4
METRES = 111_320 / SCALE  # of a grid unit of latitude
LARGEST_LENS = 150  # edges
LARGEST_OVERLAP = 50 * HECTARE


@dataclass
class Mending:
    """What was done, for the report."""

    inserted: int = 0
    crossings: int = 0
    lenses: list[tuple[float, str, frozenset[int]]] = field(default_factory=list)
    units: set[int] = field(default_factory=set)


def free_edges(mesh: Mesh, rings: list[Ring]) -> dict[Edge, tuple[Ring, int, int]]:
    """Edges walked by one ring only."""
    return {e: users[0] for e, users in mesh.edges_of(rings).items() if len(users) == 1}


def square_metres(mesh: Mesh, ids: list[int]) -> float:
    latitude = math.radians(mesh.nodes[ids[0]][1] / SCALE)
    return mesh.area(ids) / 2 * METRES**2 * math.cos(latitude)


def insert_nodes(mesh: Mesh, rings: list[Ring], mending: Mending) -> int:
    """Put nodes that lie on a free edge, and crossings of free edges, into the edges."""
    free = list(free_edges(mesh, rings))
    lines = mesh.lines(free)
    tree = shapely.STRtree(lines)
    wanted: dict[Edge, set[int]] = defaultdict(set)
    nodes = sorted({node for e in free for node in e})
    points = shapely.points([mesh.nodes[node] for node in nodes])
    for which, on in zip(*tree.query(points, predicate="dwithin", distance=ON_EDGE).tolist()):
        if nodes[which] not in free[on]:
            wanted[free[on]].add(nodes[which])
    mending.inserted += sum(map(len, wanted.values()))
    for one, other in zip(*tree.query(lines, predicate="crosses").tolist()):
        if one < other and not wanted.get(free[one]) and not wanted.get(free[other]):
            crossing = shapely.intersection(lines[one], lines[other])
            node = mesh.node(round(crossing.x), round(crossing.y))
            for e in (free[one], free[other]):
                if node not in e:
                    wanted[e].add(node)
                    mending.crossings += 1
    for ring in mesh.rings:
        ids: list[int] = []
        for a, b in ring.steps():
            ids.append(a)
            extra = wanted.get(edge(a, b))
            if extra:
                start = mesh.nodes[a]
                ids.extend(sorted(extra, key=lambda node: math.dist(start, mesh.nodes[node])))
                mending.units.add(ring.unit)
        if len(ids) != len(ring.ids):
            ring.ids = without_repeats(ids)
    return len(wanted)


def closed_walks(free: dict[Edge, tuple[Ring, int, int]], change_over: bool = False) -> list[list[tuple[int, int, Ring]]]:
    """Split the directed free edges into closed walks that pass each node once.

    Where two rings meet in a node, `change_over` prefers to go on with the other ring: two rings that cross give
    the outline of both and of their overlap rather than the two rings again.
    """
    out: dict[int, list[tuple[int, Ring]]] = defaultdict(list)
    for ring, a, b in free.values():
        out[a].append((b, ring))
    walks = []
    for start in sorted(out):
        while out[start]:
            path: list[tuple[int, int, Ring]] = []
            place_of = {start: 0}
            node = start
            while out[node]:
                choice = len(out[node]) - 1
                if change_over and path:
                    choice = next((i for i, (_, ring) in enumerate(out[node]) if ring is not path[-1][2]), choice)
                target, ring = out[node].pop(choice)
                path.append((node, target, ring))
                node = target
                if node in place_of:
                    walk = path[place_of[node]:]
                    walks.append(walk)
                    del path[place_of[node]:]
                    for a, b, _ in walk:
                        if b != node:
                            place_of.pop(b, None)
                else:
                    place_of[node] = len(path)
    return walks


def lenses(mesh: Mesh, rings: list[Ring], cover: shapely.STRtree) -> list[tuple[float, list[tuple[int, int, Ring]]]]:
    """Closed walks that are disagreements, with their signed area (a gap is negative)."""
    found = []
    seen: set[frozenset[Edge]] = set()
    free = free_edges(mesh, rings)
    for walk in closed_walks(free) + closed_walks(free, change_over=True):
        edges = frozenset(edge(a, b) for a, b, _ in walk)
        if edges in seen:
            continue
        seen.add(edges)
        if not 2 < len(walk) <= LARGEST_LENS or len({ring.unit for _, _, ring in walk}) < 2:
            continue
        ids = [a for a, _, _ in walk]
        area = square_metres(mesh, ids)
        if area < -HECTARE or area > LARGEST_OVERLAP:
            continue  # a hole above one hectare is never a sliver
        inside = shapely.make_valid(shapely.Polygon([mesh.position(node) for node in ids]))
        parts = [part for part in shapely.get_parts(inside) if part.area > 0]
        if parts:
            point = max(parts, key=lambda part: part.area).representative_point()
            if len(cover.query(point, predicate="intersects")) == 1:
                continue  # an island shared by several communes
        found.append((area, walk))
    return found


def _chains(walk: list[tuple[int, int, Ring]]) -> list[list[tuple[int, int, Ring]]]:
    """Cut a closed walk where the unit changes."""
    first = next((i for i in range(len(walk)) if walk[i][2].unit != walk[i - 1][2].unit), 0)
    chains: list[list[tuple[int, int, Ring]]] = []
    for step in walk[first:] + walk[:first]:
        if chains and chains[-1][-1][2].unit == step[2].unit:
            chains[-1].append(step)
        else:
            chains.append([step])
    return chains


def _replaced(ring: Ring, old: list[int], new: list[int]) -> list[int] | None:
    """The ring with the walk `old` replaced by `new` (same ends), whichever way it runs; None if it does not."""
    if old[0] not in ring.ids or old[-1] not in ring.ids:
        return None
    for before, after in ((old, new), (old[::-1], new[::-1])):
        at = ring.ids.index(before[0])
        turned = ring.ids[at:] + ring.ids[:at]
        if (turned + turned[:1])[: len(before)] == before:
            return without_repeats(after[:-1] + turned[len(before) - 1:])
    return None


def _nodes(steps: list[tuple[int, int, Ring]]) -> list[int]:
    return [steps[0][0], *(b for _, b, _ in steps)]


def _give_way(mesh: Mesh, walk: list[tuple[int, int, Ring]]) -> bool:
    """Replace one unit's side of a lens by the other sides: the coarsest line that leaves every ring valid."""
    chains = _chains(walk)
    units = [chain[0][2].unit for chain in chains]
    order = sorted(range(len(chains)), key=lambda i: (len(chains[i]), units[i]))
    for at in (i for i in order if units.count(units[i]) == 1):
        rest = [step for chain in chains[at + 1:] + chains[:at] for step in chain]
        old, new = _nodes(chains[at]), _nodes(rest)[::-1]
        changes = [(ring, ids) for ring in mesh.rings if (ids := _replaced(ring, old, new)) is not None]
        if changes and all(
            len(ids) >= 3 and shapely.Polygon([mesh.nodes[node] for node in ids]).is_valid for _, ids in changes
        ):
            for ring, ids in changes:
                ring.ids = ids
            return True
    return False


def mend(mesh: Mesh, is_commune: Callable[[int], bool], cover: shapely.STRtree) -> Mending:
    """Make the communes' rings a clean coverage; every other ring of the mesh follows."""
    mending = Mending()
    rings = [ring for ring in mesh.rings if is_commune(ring.unit)]
    for _ in range(6):
        changed = insert_nodes(mesh, rings, mending)
        for area, walk in lenses(mesh, rings, cover):
            if _give_way(mesh, walk):
                changed += 1
                units = frozenset(ring.unit for _, _, ring in walk)
                mending.units.update(units)
                mending.lenses.append((abs(area), "overlap" if area > 0 else "gap", units))
        if not changed:
            break
    return mending
