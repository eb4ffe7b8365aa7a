"""Contours as rings of shared nodes: the form in which neighbours either share a border exactly or do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

SCALE = 10_000_000  # OSM keeps seven decimals; nodes are integers in that unit

Edge = tuple[int, int]


def edge(a: int, b: int) -> Edge:
    return (a, b) if a < b else (b, a)


def without_repeats(ids: list[int]) -> list[int]:
    """A closed walk without nodes that repeat the one before."""
    return [b for a, b in zip(ids[-1:] + ids[:-1], ids) if a != b]


@dataclass
class Ring:
    """A closed walk over nodes, first node not repeated; the unit lies on its left."""

    unit: int
    ids: list[int]
    inner: bool

    def steps(self) -> Iterable[tuple[int, int]]:
        return zip(self.ids, self.ids[1:] + self.ids[:1])


class Mesh:
    """Nodes and rings of a set of units (numbered as the caller likes)."""

    def __init__(self) -> None:
        self.nodes: list[tuple[int, int]] = []
        self.rings: list[Ring] = []
        self._index: dict[tuple[int, int], int] = {}

    def node(self, x: int, y: int) -> int:
        """The id of the node at a position, made if new."""
        found = self._index.get((x, y))
        if found is None:
            found = self._index[x, y] = len(self.nodes)
            self.nodes.append((x, y))
        return found

    def add(self, unit: int, geometry: BaseGeometry) -> None:
        """Round a contour to the grid and add its rings, outer ones counter-clockwise."""
        for polygon in shapely.get_parts(shapely.orient_polygons(geometry)):
            for number, line in enumerate(shapely.get_rings(polygon)):
                grid = np.rint(shapely.get_coordinates(line) * SCALE).astype(np.int64).tolist()
                ids = [self.node(x, y) for x, y in grid]
                ring = Ring(unit, without_repeats(ids), number > 0)
                if len(ring.ids) >= 3:
                    self.rings.append(ring)

    def edges_of(self, rings: Iterable[Ring]) -> dict[Edge, list[tuple[Ring, int, int]]]:
        """Every edge with the rings that walk it and in which direction."""
        found: dict[Edge, list[tuple[Ring, int, int]]] = defaultdict(list)
        for ring in rings:
            for a, b in ring.steps():
                found[edge(a, b)].append((ring, a, b))
        return found

    def lines(self, edges: Iterable[Edge]) -> np.ndarray:
        """Edges as lines in grid units."""
        return shapely.linestrings([(self.nodes[a], self.nodes[b]) for a, b in edges])

    def area(self, ids: list[int]) -> int:
        """Twice the signed area in grid units, exact."""
        points = [self.nodes[i] for i in ids]
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1]))

    def position(self, node: int) -> tuple[float, float]:
        x, y = self.nodes[node]
        return x / SCALE, y / SCALE
