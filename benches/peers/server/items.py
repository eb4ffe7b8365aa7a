"""Row 5: a page of a hundred features by a box and a kind, in the servers' OGC API Features."""

import json
import random

import load
import peers
import prepare
import tilelist
from measure import say
from prepare import WORK
from processes import NotStarted

CONNECTIONS = (1, 16, 64)
BOXES = 200
KINDS = ("association", "business", "group", "public_body", "project", "place")
SEED = 5


def boxes() -> list[tuple[str, str]]:
    """A box of about a map's window around a town, and a kind."""
    draw = random.Random(SEED)
    places = tilelist.communes.read()
    out = []
    for town in draw.choices(range(len(places.code)), weights=places.weight, k=BOXES):
        side = draw.choice((0.02, 0.1, 0.5))
        west, south = places.lon[town] - side / 2, places.lat[town] - side / 2
        out.append((f"{west:.5f},{south:.5f},{west + side:.5f},{south + side:.5f}", draw.choice(KINDS)))
    return out


def measure(runs: int) -> dict:
    """Each answers the same boxes; the counts of the first ones are compared."""
    seconds = 5 if runs > 1 else 2
    servers = {
        "parvis": (peers.prepared, "/collections/actors/items?f=json&limit=100&bbox={}&kind={}"),
        "tipg": (peers.tipg, "/collections/public.places/items?f=geojson&limit=100&bbox={}&kind={}"),
        "pygeoapi": (peers.pygeoapi, "/collections/actors/items?f=json&limit=100&bbox={}&kind={}"),
    }
    row: dict = {"boxes": BOXES, "servers": {}, "failed": {}, "matched": {}}
    with prepare.PostGIS():
        for name, (starter, pattern) in servers.items():
            paths = [pattern.format(*box) for box in boxes()]
            try:
                with starter() as server:
                    single = load.ask(server, paths if runs > 1 else paths[:20])
                    matched = [json.loads(a.plain()).get("numberMatched") for a in single[:20] if a.status == 200]
                    row["matched"][name] = matched
                    rates = [load.rates(server, paths, c, seconds, WORK / "paths") for c in CONNECTIONS]
                    found = {"single": load.percentiles([a.milliseconds for a in single]), "rates": rates}
                    found["not_200"] = sum(a.status != 200 for a in single)
                    row["servers"][name] = found | {"memory_mb": server.memory_mb()}
                    say(f"  {name}: " + ", ".join(f"{r['per_second']:.0f}/s" for r in rates))
            except NotStarted as error:
                row["failed"][name] = str(error)
    return row
