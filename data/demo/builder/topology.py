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
from dataclasses import dataclass, field

import shapely

from mesh import SCALE, Edge, Mesh, Ring, edge

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
            mesh.set_ring(ring, ids)
    return len(wanted)


def closed_walks(free: dict[Edge, tuple[Ring, int, int]]) -> list[list[tuple[int, int, Ring]]]:
    """Split the directed free edges into closed walks that pass each node once."""
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
                target, ring = out[node].pop()
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
    for walk in closed_walks(free_edges(mesh, rings)):
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


def _replace(ring: Ring, old: list[int], new: list[int], mesh: Mesh) -> bool:
    """Replace the walk `old` by `new` (same ends) in a ring, in whichever direction the ring takes it."""
    for before, after in ((old, new), (old[::-1], new[::-1])):
        if before[0] not in ring.ids:
            continue
        at = ring.ids.index(before[0])
        turned = ring.ids[at:] + ring.ids[:at]
        if (turned + turned[:1])[: len(before)] == before:
            mesh.set_ring(ring, after[:-1] + turned[len(before) - 1:])
            return True
    return False


def mend(mesh: Mesh, rings: list[Ring], cover: shapely.STRtree) -> Mending:
    """Make the given rings a clean coverage; every other ring of the mesh follows."""
    mending = Mending()
    for _ in range(6):
        changed = insert_nodes(mesh, rings, mending)
        for area, walk in lenses(mesh, rings, cover):
            chains = _chains(walk)
            # Give way: the side with the fewest nodes, so that the finer line stays.
            units = [chain[0][2].unit for chain in chains]
            alone = [chain for chain in chains if units.count(chain[0][2].unit) == 1]
            if not alone:
                continue
            chain = min(alone, key=lambda c: (len(c), c[0][2].unit))
            old = [chain[0][0], *(b for _, b, _ in chain)]
            at = next(i for i, c in enumerate(chains) if c is chain)
            rest = [step for c in chains[at + 1:] + chains[:at] for step in c]
            new = [rest[0][0], *(b for _, b, _ in rest)][::-1]
            followers = [ring for ring in mesh.rings if _may_run(ring, old) and _replace(ring, old, new, mesh)]
            if followers:
                changed += 1
                mending.units.update(units)
                kind = "overlap" if area > 0 else "gap"
                mending.lenses.append((abs(area), kind, frozenset(units)))
        if not changed:
            break
    mesh.rings = [ring for ring in mesh.rings if len(ring.ids) >= 3]
    return mending


def _may_run(ring: Ring, walk: list[int]) -> bool:
    return walk[0] in ring.ids and walk[-1] in ring.ids
