"""The OSM relations: which places each is made of and which tags it carries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sources import SUB_COMMUNE_TYPES, Place, Territory

ENGLISH = {
    ("region", "53"): "Brittany", ("region", "28"): "Normandy", ("region", "94"): "Corsica",
    ("region", "03"): "French Guiana", ("region", "04"): "Réunion", ("department", "973"): "French Guiana",
    ("department", "974"): "Réunion", ("department", "2A"): "South Corsica", ("department", "2B"): "Upper Corsica",
}
COUNTRY_NAMES = {"name": "France", "name:fr": "France", "name:en": "France", "name:de": "Frankreich",
                 "name:es": "Francia", "name:it": "Francia", "name:nl": "Frankrijk", "name:pt": "França"}
EPCI_TYPES = {"CC": "CC", "CA": "CA", "CU": "CU", "ME": "metropole"}


@dataclass
class Unit:
    """One relation to write: its tags and the places whose land it is (indexes)."""

    level: int
    code: str
    tags: dict[str, str]
    places: list[int]


def _tags(admin_level: int, name: str, population: int, **more: str) -> dict[str, str]:
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": str(admin_level), "name": name}
    if population:
        tags["population"] = str(population)
    return tags | more


def _population(places: list[Place], members: list[int]) -> int:
    return sum(places[i].population or 0 for i in members)


def of(territory: Territory, places: list[Place]) -> list[Unit]:
    """Relations of every level, highest first, for the given places (all of France or a part of it)."""
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, place in enumerate(places):
        if place.is_commune:
            for kind, code in (("region", place.region), ("department", place.department), ("epci", place.epci)):
                if code:
                    members[kind, code].append(i)
    communes = [i for i, place in enumerate(places) if place.is_commune]
    country = _tags(2, "France", _population(places, communes)) | COUNTRY_NAMES
    units = [Unit(2, "FR", country | {"ISO3166-1": "FR", "ISO3166-1:alpha2": "FR"}, communes)]

    official = {("region", e["code"]): e["nom"] for e in territory.nomenclature["regions"]}
    official |= {("department", e["code"]): e["nom"] for e in territory.nomenclature["departements"]}
    for kind, level, rows in (("region", 4, territory.regions), ("department", 6, territory.departments)):
        for row in rows:
            land = members.get((kind, row["code"]))
            if land:
                tags = _tags(level, official[kind, row["code"]], _population(places, land))
                tags["ref:INSEE"] = row["code"]
                if (kind, row["code"]) in ENGLISH:
                    tags["name:en"] = ENGLISH[kind, row["code"]]
                units.append(Unit(level, row["code"], tags, land))
    for row in territory.epci:
        land = members.get(("epci", row["code"]))
        if land:
            tags = {"type": "boundary", "boundary": "local_authority", "name": row["nom"],
                    "local_authority:FR": EPCI_TYPES[row["type"]], "ref:FR:SIREN": row["code"],
                    "population": str(_population(places, land))}
            units.append(Unit(7, row["code"], tags, land))
    for wanted, level in ((True, 8), (False, 9)):
        for i, place in enumerate(places):
            if place.geometry is not None and place.is_commune == wanted:
                tags = _tags(level, place.name, place.population or 0)
                tags["ref:INSEE"] = place.code
                if wanted and place.siren:
                    tags["ref:FR:SIREN"] = place.siren
                if not wanted:
                    tags["admin_type:FR"] = SUB_COMMUNE_TYPES[place.type][1]
                units.append(Unit(level, place.code, tags, [i]))
    return units
