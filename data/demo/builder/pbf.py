"""Write units and their mesh as OSM PBF: each border once, as a way shared by every relation on it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import osmium
from osmium.osm import mutable

from mesh import Edge, Mesh, Ring, edge
from topology import closed_walks
from units import Unit

LONGEST_WAY = 1900
GENERATOR = "parvis-demo"
Step = tuple[int, int]


def _outline(rings: list[Ring]) -> set[Step]:
    """Directed steps with the unit on their left; a border between two of its own parts cancels out."""
    steps: set[Step] = set()
    for ring in rings:
        for a, b in ring.steps():
            if (b, a) in steps:
                steps.remove((b, a))
            else:
                steps.add((a, b))
    return steps


def _inner_steps(mesh: Mesh, steps: set[Step]) -> set[Step]:
    """The steps that belong to holes."""
    dummy = Ring(0, [], False)
    inner: set[Step] = set()
    for walk in closed_walks({(a, b): (dummy, a, b) for a, b in sorted(steps)}):
        if mesh.area([a for a, _, _ in walk]) < 0:
            inner.update((a, b) for a, b, _ in walk)
    return inner


def _cut(users: dict[Edge, list[int]]) -> list[list[int]]:
    """Join edges with the same users into ways, cut at junctions and at LONGEST_WAY nodes."""
    around: dict[int, list[int]] = defaultdict(list)
    for a, b in users:
        around[a].append(b)
        around[b].append(a)
    junctions = {
        node for node, near in around.items()
        if len(near) != 2 or users[edge(node, near[0])] != users[edge(node, near[1])]
    }
    seen: set[Edge] = set()
    ways: list[list[int]] = []

    def follow(start: int, following: int) -> None:
        way = [start, following]
        seen.add(edge(start, following))
        while way[-1] not in junctions and way[-1] != way[0]:
            if len(way) == LONGEST_WAY:
                ways.append(way)
                way = way[-1:]
            before = ways[-1][-2] if len(way) == 1 else way[-2]
            one, other = around[way[-1]]
            target = other if one == before else one
            if edge(way[-1], target) in seen:
                break
            seen.add(edge(way[-1], target))
            way.append(target)
        if len(way) > 1:
            ways.append(way)

    for node in sorted(junctions):
        for near in around[node]:
            if edge(node, near) not in seen:
                follow(node, near)
    for a, b in users:  # what is left are closed lines without any junction
        if (a, b) not in seen:
            follow(a, b)
    return ways


def write(path: Path, mesh: Mesh, units: list[Unit], rings_of: dict[int, list[Ring]],
          extra: dict[int, list[Ring]]) -> dict[str, int]:
    """Write the file. `rings_of` are a place's rings; `extra` are rings that a unit has beside its places'."""
    users: dict[Edge, list[int]] = defaultdict(list)
    inner: dict[int, set[Edge]] = {}
    for number, unit in enumerate(units):
        rings = [ring for place in unit.places for ring in rings_of.get(place, [])] + extra.get(number, [])
        steps = _outline(rings)
        inner[number] = {edge(a, b) for a, b in _inner_steps(mesh, steps)}
        for a, b in sorted(steps):
            users[edge(a, b)].append(number)
    users = dict(sorted(users.items()))
    ways = _cut(users)

    node_id: dict[int, int] = {}
    for way in ways:
        for node in way:
            node_id.setdefault(node, len(node_id) + 1)
    members: dict[int, list[tuple[str, int, str]]] = defaultdict(list)
    path.unlink(missing_ok=True)
    header = osmium.io.Header()
    header.set("generator", GENERATOR)
    header.set("sorting", "Type_then_ID")
    corners = [mesh.position(node) for node in node_id]
    west, south = (min(corner[axis] for corner in corners) for axis in (0, 1))
    east, north = (max(corner[axis] for corner in corners) for axis in (0, 1))
    header.add_box(osmium.osm.Box(west, south, east, north))
    target = osmium.io.File(str(path), "pbf,pbf_dense_nodes=true,add_metadata=false,pbf_compression_level=9")
    with osmium.SimpleWriter(target, header=header) as writer:
        for node, number in node_id.items():
            writer.add_node(mutable.Node(id=number, location=mesh.position(node)))
        for number, way in enumerate(ways, 1):
            first = edge(way[0], way[1])
            level = min(units[unit].level for unit in users[first])
            # An EPCI ranks between department and commune but has no admin_level: its lines are a commune's too.
            tags = {"boundary": "administrative", "admin_level": str(8 if level == 7 else level)}
            writer.add_way(mutable.Way(id=number, nodes=[node_id[node] for node in way], tags=tags))
            for unit in users[first]:
                members[unit].append(("w", number, "inner" if first in inner[unit] else "outer"))
        for number, unit in enumerate(units):
            writer.add_relation(mutable.Relation(id=number + 1, members=members[number], tags=unit.tags))
    return {"nodes": len(node_id), "ways": len(ways), "relations": len(units)}
