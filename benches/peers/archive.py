"""Tile archives of every tiler: PMTiles and MBTiles, their tiles, layers, weights and polygons in tile units."""

import gzip
import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy
import shapely
from mapbox_vector_tile.Mapbox.vector_tile_pb2 import tile as mvt
from pmtiles.reader import MmapSource, Reader, all_tiles

EXTENT = 4096
"""Tile units along a side."""

Coord = tuple[int, int, int]
"""Zoom, column, row (from the north)."""


class Archive:
    """The tiles of a PMTiles or MBTiles file, decompressed."""

    def __init__(self, path: Path):
        if path.suffix == ".mbtiles":
            self._rows = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        else:
            self._rows = None
            self._bytes = MmapSource(path.open("rb"))
            self._reader = Reader(self._bytes)

    def get(self, at: Coord) -> bytes:
        """One tile; empty when the archive has none there."""
        z, x, y = at
        if self._rows is None:
            return plain(self._reader.get(z, x, y) or b"")
        where = "zoom_level = ? AND tile_column = ? AND tile_row = ?"
        row = self._rows.execute(f"SELECT tile_data FROM tiles WHERE {where}", (z, x, 2**z - 1 - y)).fetchone()
        return plain(row[0]) if row else b""

    def __iter__(self) -> Iterator[tuple[Coord, bytes]]:
        """All tiles as they are stored."""
        if self._rows is None:
            yield from all_tiles(self._bytes)
        else:
            for z, x, row, data in self._rows.execute("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles"):
                yield (z, x, 2**z - 1 - row), data

    def __len__(self) -> int:
        if self._rows is None:
            return self._reader.header()["addressed_tiles_count"]
        return self._rows.execute("SELECT count(*) FROM tiles").fetchone()[0]


def plain(data: bytes) -> bytes:
    """A tile without its gzip."""
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def layers(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The layers of a tile: name, and the whole field as it stands in the tile (MVT 2.1: field 3, name its field 1)."""
    at = 0
    while at < len(data):
        start = at
        tag, at = varint(data, at)
        length, at = varint(data, at)
        if tag != 0x1A:
            raise ValueError(f"a tile has a field {tag >> 3} of wire type {tag & 7}")
        yield layer_name(data[at : at + length]), data[start : at + length]
        at += length


def layer_name(layer: bytes) -> str:
    """The name of an encoded layer; it is the first length-delimited field 1, wherever it stands."""
    at = 0
    while at < len(layer):
        tag, at = varint(layer, at)
        if tag & 7 == 0:
            _, at = varint(layer, at)
            continue
        length, at = varint(layer, at)
        if tag >> 3 == 1:
            return layer[at : at + length].decode()
        at += length
    raise ValueError("a layer without a name")


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A protobuf varint and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def weigh(path: Path, polygon_layers: list[str]) -> dict:
    """What an archive weighs: tiles, the largest, and its polygon layers alone.

    Every tool's polygon layers are compressed again by the same gzip (zlib, level 6), and equal tiles count once,
    as PMTiles stores them: so neither a tool's own compression nor its other layers count.
    """
    largest, polygons, seen = 0, 0, set()
    archive = Archive(path)
    for _, data in archive:
        largest = max(largest, len(data))
        kept = b"".join(field for name, field in layers(plain(data)) if name in polygon_layers)
        digest = hashlib.blake2b(kept, digest_size=16).digest()
        if kept and digest not in seen:
            seen.add(digest)
            polygons += len(gzip.compress(kept, 6))
    return {"tiles": len(archive), "largest_tile": largest, "polygon_bytes": polygons}


@dataclass
class Polygon:
    """A feature of a tile."""

    identity: str
    geometry: shapely.Geometry
    """In tile units, whole numbers, y down, with the buffer."""
    doubled_area: int
    """Twice the area that its rings enclose, exact."""


def polygons(data: bytes, wanted: list[str]) -> dict[str, list[Polygon]]:
    """The polygons of a tile by layer."""
    tile = mvt()
    tile.ParseFromString(data)
    found: dict[str, list[Polygon]] = {}
    for layer in tile.layers:
        if layer.name not in wanted:
            continue
        if layer.extent != EXTENT:
            raise ValueError(f"{layer.name} has an extent of {layer.extent}, not {EXTENT}")
        key = next((i for i, name in enumerate(layer.keys) if name == "id"), None)
        found[layer.name] = [
            polygon(identity(layer, feature, key), numpy.array(feature.geometry, dtype=numpy.int64))
            for feature in layer.features
            if feature.type == 3
        ]
    return found


def identity(layer, feature, key: int | None) -> str:
    """The property `id` of a feature."""
    for k, v in zip(feature.tags[::2], feature.tags[1::2], strict=True):
        if k == key:
            return layer.values[v].string_value
    return ""


def polygon(identity_: str, commands: numpy.ndarray) -> Polygon:
    """Decodes a polygon (MVT 2.1, 4.3): its rings as they are, outer and inner by the sign of their area."""
    parts: list[list[numpy.ndarray]] = []
    doubled, at, cursor = 0, 0, numpy.zeros(2, dtype=numpy.int64)
    ring: list[numpy.ndarray] = []
    while at < len(commands):
        command, repeat = int(commands[at]) & 7, int(commands[at]) >> 3
        at += 1
        if command == 7:
            points = numpy.concatenate([*ring, ring[0][:1]])
            ring = []
            area = shoelace(points)
            doubled += area
            if area > 0:
                parts.append([points])
            elif area < 0 and parts:
                parts[-1].append(points)
            continue
        raw = commands[at : at + 2 * repeat]
        at += 2 * repeat
        steps = ((raw >> 1) ^ -(raw & 1)).reshape(-1, 2)
        points = cursor + numpy.cumsum(steps, axis=0)
        cursor = points[-1]
        ring.append(points)
    shapes = [shapely.Polygon(rings[0], rings[1:]) for rings in parts if all(len(r) >= 4 for r in rings)]
    return Polygon(identity_, shapes[0] if len(shapes) == 1 else shapely.MultiPolygon(shapes), doubled)


def shoelace(ring: numpy.ndarray) -> int:
    """Twice the area of a closed ring, in whole numbers; positive when it turns as MVT's outer rings do."""
    x, y = ring[:, 0], ring[:, 1]
    return int(numpy.dot(x[:-1], y[1:]) - numpy.dot(x[1:], y[:-1]))
