"""The files everybody reads: extracts, the tenth of France, and what the tilers take."""

import functools
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import osmium
import ours

BUILD = Path(os.environ.get("PEERS_BUILD", "build/peers")).absolute()
SHARED = Path("../shared/data").absolute()

TENTH = ("02", "59", "60", "62", "80")
"""Departments of Hauts-de-France: 3,789 municipalities, about a tenth of the country's."""


@dataclass(frozen=True)
class Input:
    """An OSM extract."""

    name: str
    title: str
    path: Path
    countries: str


def france() -> Input:
    """All of France: the shared extract, else the demo's own."""
    shared, demo = SHARED / "france/france.osm.pbf", Path("data/demo/france.osm.pbf").absolute()
    return Input("france", "France", shared if shared.exists() else demo, "FR")


def extracts() -> list[Input]:
    """What row 1 reads; Andorra only where its extract is."""
    andorra = Input("andorra", "Andorra", SHARED / "osm/andorra-2025.osm.pbf", "AD")
    return [france(), *([andorra] if andorra.path.exists() else [])]


def count(path: Path) -> dict[str, int]:
    """Nodes, ways and relations of an extract."""
    counts = {"nodes": 0, "ways": 0, "relations": 0}
    for item in osmium.FileProcessor(str(path)):
        counts[{"n": "nodes", "w": "ways", "r": "relations"}[item.type_str()]] += 1
    return counts


@functools.cache
def tenth(whole: Input) -> Input:
    """Five departments of France: their municipalities, and every relation drawn with the same ways alone."""
    out = BUILD / "tenth.osm.pbf"
    relations: dict[int, tuple[str, set[int]]] = {}
    for relation in osmium.FileProcessor(str(whole.path), osmium.osm.RELATION):
        ways = {m.ref for m in relation.members if m.type == "w"}
        level = relation.tags.get("admin_level")
        code = relation.tags.get("ref:INSEE", "") if level == "8" else ""
        relations[relation.id] = (code, ways)
    ways = set().union(*(w for code, w in relations.values() if code.startswith(TENTH)))
    kept = {id_ for id_, (_, own) in relations.items() if own and own <= ways}
    kept_ways = (way for way in osmium.FileProcessor(str(whole.path), osmium.osm.WAY) if way.id in ways)
    nodes = {node.ref for way in kept_ways for node in way.nodes}
    wanted = {"n": nodes, "w": ways, "r": kept}
    header = osmium.io.Header()
    header.set("sorting", "Type_then_ID")
    with osmium.SimpleWriter(str(out), header=header, overwrite=True) as writer:
        for item in osmium.FileProcessor(str(whole.path)):
            if item.id in wanted[item.type_str()]:
                writer.add(item)
    return Input("tenth", "Hauts-de-France", out, whole.countries)


def as_multipolygons(source: Input) -> Path:
    """The extract with `type=multipolygon` on its boundaries: tilemaker 2 assembles no other relation."""
    out = BUILD / f"{source.name}-multipolygon.osm.pbf"
    with osmium.SimpleWriter(str(out), overwrite=True) as writer:
        for item in osmium.FileProcessor(str(source.path)):
            if item.is_relation():
                tags = {t.k: t.v for t in item.tags} | {"type": "multipolygon"}
                writer.add(item.replace(tags=tags))
            else:
                writer.add(item)
    return out


@dataclass(frozen=True)
class Polygons:
    """The polygons all tilers draw, with the properties of our tiles and no others."""

    one_file: Path
    """All levels, with tippecanoe's own `layer` and `minzoom` on every feature."""
    by_level: dict[str, Path]
    """A file a level, without."""
    ids: dict[str, set[str]]
    """The ids of the units, by level."""


def polygons(units: Path, folder: Path) -> Polygons:
    """Writes the units that have a boundary as the tilers read them: GeoJSONSeq, coordinates untouched."""
    folder.mkdir(parents=True, exist_ok=True)
    ancestors = [f"{level}_id" for level in ("country", "region", "department", "intercommunality", "municipality")]
    one_file = folder / "all.geojsonseq"
    ids: dict[str, set[str]] = {name: set() for name in ours.COLLECTIONS}
    files = {name: (folder / f"{name}.geojsonseq").open("w", encoding="utf-8") for name in ours.COLLECTIONS}
    with one_file.open("w", encoding="utf-8") as everything:
        for unit in filter(ours.has_boundary, ours.read_units(units)):
            told = unit["properties"]
            layer = ours.COLLECTIONS[told["level"] - 1]
            identity = told.get("id") or unit["id"]
            ids[layer].add(identity)
            own = ancestors[told["level"] - 1 : told["level"]]
            said = {"id": identity}
            for key in ["code", "name", "name_en", "level", *ancestors, "population"]:
                value = told.get(key)
                same_name = key == "name_en" and value == told["name"]
                if value not in (None, "") and key not in own and not same_name:
                    said[key] = value
            feature = {"type": "Feature", "id": mvt_id(identity), "properties": said, "geometry": unit["geometry"]}
            files[layer].write(json.dumps(feature, ensure_ascii=False) + "\n")
            hint = {"tippecanoe": {"layer": layer, "minzoom": ours.FIRST_ZOOM[layer]}}
            everything.write(json.dumps(hint | feature, ensure_ascii=False) + "\n")
    for file in files.values():
        file.close()
    return Polygons(one_file, levels(folder), ids)


def mvt_id(identity: str) -> int:
    """The number that identifies a unit in our tiles, so that every tool writes as many."""
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8], "big") >> 11


def levels(folder: Path) -> dict[str, Path]:
    """The files of `polygons` that hold something, by level."""
    files = {name: folder / f"{name}.geojsonseq" for name in ours.COLLECTIONS}
    return {name: path for name, path in files.items() if path.exists() and path.stat().st_size > 0}
