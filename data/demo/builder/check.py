"""Verify every promise about the built files; print counts; exit 1 if one is broken."""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import osmium
import shapely
from shapely.geometry.base import BaseGeometry

import sources
from output import read_gzip
from vocabulary import EVENTS, THEMES

EXPECTED = {
    "france.osm.pbf": {"2": 1, "4": 18, "6": 101, "8": 34_867, "9": 2_528, "epci": 1_253},
    "reunion.osm.pbf": {"2": 1, "4": 1, "6": 1, "8": 24, "epci": 5},
}
TOWN_HALLS, MOST_BYTES = 35_611, 15_000_000
AREA_TOLERANCE, SUM_TOLERANCE = 1e-5, 1e-9


class Checks:
    """Collects broken promises."""

    def __init__(self) -> None:
        self.broken: list[str] = []

    def require(self, held: bool, promise: str) -> None:
        if not held:
            self.broken.append(promise)
            print(f"BROKEN  {promise}")


@dataclass
class Relation:
    """What the file says about a relation, and its assembled geometry if there is one."""

    tags: dict[str, str]
    ways: list[int]
    geometry: BaseGeometry | None = None

    @property
    def rung(self) -> str:
        return self.tags.get("admin_level", "epci")

    @property
    def code(self) -> str:
        return self.tags.get("ref:INSEE") or self.tags.get("ref:FR:SIREN") or self.tags["ISO3166-1"]


def read_pbf(path: Path, checks: Checks) -> dict[int, Relation]:
    """Assemble every relation with libosmium's own area assembler; check that borders are stored once."""
    relations: dict[int, Relation] = {}
    segments: Counter[tuple[int, int]] = Counter()
    for item in osmium.FileProcessor(str(path)):
        if item.is_relation():
            relations[item.id] = Relation(dict(item.tags), [member.ref for member in item.members])
        elif item.is_way():
            refs = [node.ref for node in item.nodes]
            segments.update((min(pair), max(pair)) for pair in zip(refs, refs[1:]))
    checks.require(max(segments.values()) == 1, f"{path.name}: each border segment is in one way only")
    factory = osmium.geom.WKBFactory()
    for item in osmium.FileProcessor(str(path)).with_areas():
        if item.is_area() and not item.from_way() and item.num_rings()[0]:
            relations[item.orig_id()].geometry = shapely.from_wkb(bytes.fromhex(factory.create_multipolygon(item)))
    return relations


def departments_with_voids(report: Path) -> set[str]:
    """Departments where some land is in no commune's contour, as the builder reported."""
    voids = json.loads(report.read_text("utf-8"))["voids"]
    missing = {void["commune"][:2] for void in voids if void["whose"] == "missing"}
    return missing | {void["neighbours"][0][:2] for void in voids if void["whose"] == "unattributed"}


def check_pbf(path: Path, territory: sources.Territory, checks: Checks) -> None:
    """Counts, closure, areas against the source, sums, and holes."""
    relations = read_pbf(path, checks)
    total = Counter(relation.rung for relation in relations.values())
    whole = Counter(relation.rung for relation in relations.values() if relation.geometry is not None)
    for rung, count in EXPECTED[path.name].items():
        checks.require(total[rung] == count, f"{path.name}: {count} relations of level {rung}, found {total[rung]}")
        checks.require(whole[rung] == total[rung], f"{path.name}: level {rung} closes ({whole[rung]} of {total[rung]})")
    kinds = {"8": ("COM",), "9": tuple(sources.SUB_COMMUNE_TYPES)}
    source = {(rung, p.name, p.code): p for rung, types in kinds.items() for p in territory.places if p.type in types}
    changed, sums = [], defaultdict(float)
    for relation in relations.values():
        if relation.geometry is None or relation.rung not in kinds:
            continue
        place = source[relation.rung, relation.tags["name"], relation.code]
        if relation.rung == "8":
            sums[place.department] += relation.geometry.area
        difference = abs(relation.geometry.area / place.geometry.area - 1)
        if difference > AREA_TOLERANCE:
            changed.append((difference, relation.rung, f"{place.code} {place.name}"))
    print(f"{path.name}: complete {dict(whole)}; areas changed by more than {AREA_TOLERANCE}: {len(changed)}")
    for difference, rung, name in sorted(changed, reverse=True):
        print(f"    level {rung}  {difference:.2e}  {name}")
    known = departments_with_voids(path.parent / "mending.json")
    for relation in relations.values():
        if relation.geometry is None or relation.rung not in ("2", "4", "6", "epci"):
            continue
        if relation.rung == "6":
            rest = relation.geometry.area / sums[relation.code] - 1
            if relation.code in known:
                print(f"    department {relation.code}: {rest:.3e} of it is in no commune's contour")
            else:
                checks.require(abs(rest) <= SUM_TOLERANCE, f"department {relation.code} is the sum of its communes ({rest:.1e})")
        for polygon in shapely.get_parts(relation.geometry):
            for hole in polygon.interiors:
                area = shapely.Polygon(hole).area * 111_320**2 * 0.69
                print(f"    hole of {area / 1e4:,.1f} ha in {relation.rung} {relation.code} {relation.tags['name']}"
                      f" at {hole.coords[0]}")
                checks.require(area > 1e4, f"{path.name}: no sliver in {relation.tags['name']}")


def check_tables(out: Path, territory: sources.Territory, checks: Checks) -> None:
    """Town halls, actors and links."""
    halls = list(csv.DictReader(io.StringIO(read_gzip(out / "town-halls.csv.gz"), newline="")))
    checks.require(len(halls) == TOWN_HALLS, f"{TOWN_HALLS} town halls, found {len(halls)}")
    checks.require(len({row["key"] for row in halls}) == len(halls), "town hall keys are unique")
    actors = list(csv.DictReader(io.StringIO(read_gzip(out / "actors.csv.gz"), newline="")))
    checks.require(len(actors) >= 5_000, "at least 5,000 actors")
    checks.require(all(row["description"].startswith("Exemple : ") for row in actors), "every actor says it is an example")
    themes = Counter(theme for row in actors for theme in row["themes"].split(";"))
    checks.require(set(themes) == set(THEMES), "the twelve themes")
    communes = {place.code: place for place in territory.communes}
    per_department: Counter[str | None] = Counter()
    outside = 0
    for row in actors:
        if not row["insee"]:
            continue
        place = communes[row["insee"]]
        per_department[place.department] += 1
        if row["lon"] and place.geometry is not None:
            outside += not place.geometry.intersects(shapely.Point(float(row["lon"]), float(row["lat"])))
    checks.require(outside == 0, f"actors lie in their commune ({outside} do not)")
    checks.require(len(per_department) == 101 and min(per_department.values()) >= 20, "20 actors in each of 101 departments")
    checks.require(per_department["974"] >= 400, "400 actors in Réunion")
    ids = {f"actor:examples:{row['key']}" for row in actors} | {f"actor:town-halls:{row['key']}" for row in halls}
    links = list(csv.DictReader((out / "links.csv").open(encoding="utf-8", newline="")))
    checks.require(len(links) >= 3_000, "at least 3,000 links")
    checks.require(all(r["from_id"] in ids and r["to_id"] in ids and r["from_id"] != r["to_id"] for r in links), "link ends exist")
    print(f"{len(halls)} town halls, {len(actors)} actors {dict(Counter(r['kind'] for r in actors))}, "
          f"{len(links)} links {dict(Counter(r['relation'] for r in links))}")


def check_events(out: Path, territory: sources.Territory, checks: Checks) -> None:
    """The calendar: line lengths, required properties, places."""
    raw = read_gzip(out / "events.ics.gz")
    checks.require(all(len(line.encode()) <= 75 for line in raw.split("\r\n")), "lines of 75 octets at most")
    text = raw.replace("\r\n ", "")
    zones = set(re.findall(r"^TZID:(.+?)\r$", text, re.M))
    checks.require(set(re.findall(r";TZID=([^:;]+):", text)) <= zones, "a VTIMEZONE for every TZID")
    events = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.S)
    checks.require(len(events) >= 500, "at least 500 events")
    land = shapely.STRtree([place.geometry for place in territory.communes if place.geometry is not None])
    on_reunion = 0
    for event in events:
        for name in ("UID:", "DTSTAMP:", "DTSTART", "DTEND", "SUMMARY:", "DESCRIPTION:Exemple : ", "LOCATION:", "ORGANIZER"):
            checks.require(re.search(f"^{name}", event, re.M) is not None, f"every event has {name}")
        codes = re.search(r"^CATEGORIES:(.+?)\r", event, re.M).group(1).split(",")
        checks.require(codes[0] in EVENTS and 2 <= len(codes) <= 4 and set(codes[1:]) <= set(THEMES), f"categories {codes}")
        lat, lon = map(float, re.search(r"^GEO:(.+?);(.+?)\r", event, re.M).groups())
        checks.require(len(land.query(shapely.Point(lon, lat), predicate="intersects")) > 0, "events are in a commune")
        on_reunion += 55 < lon < 56 and -22 < lat < -20
    checks.require(on_reunion >= 60, "60 events in Réunion")
    print(f"{len(events)} events, {on_reunion} in Réunion, zones {sorted(zones)}")


def run(out: Path, territory: sources.Territory) -> bool:
    """Check every output present; true when all promises hold."""
    checks = Checks()
    check_tables(out, territory, checks)
    check_events(out, territory, checks)
    for name in EXPECTED:
        check_pbf(out / name, territory, checks)
    size = sum(f.stat().st_size for f in out.rglob("*") if f.is_file() and "builder" not in f.parts)
    checks.require(size < MOST_BYTES, f"less than {MOST_BYTES} bytes in all, found {size}")
    print(f"{size:,} bytes; {'all promises hold' if not checks.broken else f'{len(checks.broken)} promises broken'}")
    return not checks.broken


def main() -> int:
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("build/demo-cache"), help="folder of the source packages")
    parser.add_argument("--out", type=Path, default=here.parent, help="folder of the built files")
    options = parser.parse_args()
    sources.fetch(options.cache)
    return 0 if run(options.out, sources.load(options.cache)) else 1


if __name__ == "__main__":
    sys.exit(main())
