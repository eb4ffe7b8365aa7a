"""The example actors and the links between them. All invented, and each says so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random

import vocabulary as words
from examples_places import Atlas, Spot, department_quotas
from output import Point, coordinate, csv_bytes, fold, write_gzip
from sources import Territory
from town_halls import keys_by_place

SEED = 974_001
HEADER = ("key", "kind", "name", "description", "themes", "tags", "url", "address", "postcode", "insee", "lon", "lat")
ISLANDS = ("971", "972", "973", "974", "976")
EVERY_NTH_WITHOUT_POINT, UNLOCATED = 50, 10


@dataclass
class Actor:
    """One example actor."""

    key: str
    kind: str
    name: str
    description: str
    themes: list[str]
    tags: list[str]
    url: str
    address: str
    postcode: str
    insee: str
    point: Point | None
    department: str
    spot: Spot

    @property
    def id(self) -> str:
        return f"actor:examples:{self.key}"

    def row(self) -> tuple[str, ...]:
        lon, lat = map(coordinate, self.point) if self.point else ("", "")
        return (self.key, self.kind, self.name, self.description, ";".join(self.themes), ";".join(self.tags), self.url,
                self.address, self.postcode, self.insee, lon, lat)


def _themes(first: str, random: Random) -> list[str]:
    others = list(words.NEIGHBOUR_THEMES[first])
    random.shuffle(others)
    return [first, *others[: random.choices((0, 1, 2), (35, 45, 20))[0]]]


def _actor(number: int, spot: Spot, department: str, taken: set[str], random: Random) -> Actor:
    theme = words.THEMES[number % len(words.THEMES)]
    recipe = random.choice(words.ACTORS[theme])
    qualifiers = words.ISLAND_QUALIFIERS if department in ISLANDS else words.QUALIFIERS
    for _ in range(40):
        name = f"{recipe.noun} {random.choice(qualifiers)}"
        if f"{name} {spot.place.commune}" not in taken:
            break
    taken.add(f"{name} {spot.place.commune}")
    extra = random.sample(words.MORE_TAGS, random.choices((0, 1, 2), (30, 50, 20))[0])
    tags = random.sample(recipe.tags, min(len(recipe.tags), random.choice((1, 2, 3)))) + extra
    slug = fold(name).replace("'", "-").replace(" ", "-")
    return Actor(
        key=f"ex-{number + 1:06d}",
        kind=recipe.kind,
        name=name,
        description=f"Exemple : {recipe.sentence}.",
        themes=_themes(theme, random),
        tags=list(dict.fromkeys(tags)),
        url=f"https://example.org/{slug}-{number + 1}" if random.random() < 0.4 else "",
        address=f"{random.randint(1, 98)} {random.choice(words.STREETS)}",
        postcode=random.choice(spot.postcodes) if spot.postcodes else "",
        insee=spot.place.commune,
        point=spot.point(random),
        department=department,
        spot=spot,
    )


def make(territory: Territory) -> list[Actor]:
    """All example actors, department after department."""
    random = Random(SEED)
    atlas = Atlas(territory)
    taken: set[str] = set()
    actors: list[Actor] = []
    for department, quota in department_quotas(territory).items():
        for spot in atlas.spots_of(department, quota, random):
            actors.append(_actor(len(actors), spot, department, taken, random))
    for actor in actors[7::EVERY_NTH_WITHOUT_POINT]:
        actor.point = None
    for actor in actors[300 :: len(actors) // UNLOCATED][:UNLOCATED]:
        actor.point, actor.insee, actor.postcode, actor.address = None, "", "", ""
    return actors


def write(actors: list[Actor], out: Path) -> None:
    write_gzip(out / "actors.csv.gz", csv_bytes(HEADER, [actor.row() for actor in actors]))


def links(actors: list[Actor], territory: Territory) -> list[tuple[str, str, str]]:
    """Example links inside each department, and the true family ties of the town halls.

    No invented link touches a town hall: those are real bodies.
    """
    random = Random(SEED + 1)
    by_place: dict[tuple[str, str], list[Actor]] = defaultdict(list)
    for actor in actors:
        by_place[actor.department, actor.kind].append(actor)

    found: set[tuple[str, str, str]] = set()

    def tie(source: Actor, kind: str, relation: str, chance: float) -> None:
        if random.random() < chance:
            target = random.choice(by_place[source.department, kind] or [source])
            downward = relation != "parent_of" or target.kind != source.kind or target.key > source.key
            if target is not source and downward:  # no project is its own ancestor
                found.add((source.id, target.id, relation))

    for actor in actors:
        if actor.kind in ("association", "business"):
            tie(actor, "group", "member_of", 0.5)
            tie(actor, "project", "contributes_to", 0.45)
            tie(actor, "place", "located_in", 0.3)
        elif actor.kind == "public_body":
            tie(actor, "place", "parent_of", 0.5)
            tie(actor, "project", "contributes_to", 0.5)
        elif actor.kind == "group":
            tie(actor, "project", "contributes_to", 0.4)
            tie(actor, "place", "located_in", 0.4)
        elif actor.kind == "project":
            tie(actor, "project", "parent_of", 0.15)
    return sorted(found | _town_hall_links(territory))


def _town_hall_links(territory: Territory) -> set[tuple[str, str, str]]:
    """A commune's hall is the parent of its sub-communes' halls; a sector and its arrondissement are the same."""
    found = set()
    own_key = keys_by_place(territory)
    for place in territory.places:
        if place.is_commune or place.type == "SRM":
            continue
        key = own_key.get((place.type, place.code))
        if key is None:
            continue
        parent = own_key.get(("COM", place.commune))
        if parent is not None:
            found.add((f"actor:town-halls:{parent}", f"actor:town-halls:{key}", "parent_of"))
        sector = f"{place.commune}SR{place.code[-2:]}" if place.code.startswith("75") else (
            f"{place.commune}SR0{place.code[-1]}" if place.code.startswith("6938") else "")
        if place.type == "ARM" and ("SRM", sector) in own_key:
            found.add((f"actor:town-halls:{key}", f"actor:town-halls:{sector}", "same_as"))
    return found


def write_links(rows: list[tuple[str, str, str]], out: Path) -> None:
    (out / "links.csv").write_bytes(csv_bytes(("from_id", "to_id", "relation"), rows))
