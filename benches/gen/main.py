"""Makes scale data: N actors and 200,000 events over France, and the territory file that ingests them.

usage: main.py ROWS FOLDER [--events N]
"""

import argparse
import os
import time
from pathlib import Path

import actors
import communes
import events

TERRITORY = """# Written by benches/gen: {rows} actors and {events} events, all invented, over the demo's France.
id = "france"
title = {{ fr = "France ({rows} acteurs)", en = "France ({rows} actors)" }}
countries = ["FR"]
window = {{ from = "2026-01-01", to = "2028-01-01" }}
start = {{ lon = 2.5, lat = 46.6, zoom = 5 }}

[[source]]
id = "boundaries"
reader = "osm-pbf"
path = "{demo}/france.osm.pbf"
producer = "IGN, INSEE"
licence = "etalab-2.0"
valid_at = "2024-01-01"

[[source]]
id = "nomenclature"
reader = "nomenclature"
path = "{demo}/nomenclature"
producer = "INSEE, DGCL, La Poste"
licence = "etalab-2.0"
valid_at = "2026-01-01"

[[source]]
id = "scale"
reader = "table"
path = "actors.csv"
producer = "Parvis (scale)"
licence = "etalab-2.0"
example = true
collection = "actors"
crs = "EPSG:4326"
list_separator = ";"

[source.columns]
{columns}

[[source]]
id = "scale-events"
reader = "ical"
path = "events.ics"
producer = "Parvis (scale)"
licence = "etalab-2.0"
example = true
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("rows", type=int)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--events", type=int, default=200_000)
    wanted = arguments.parse_args()
    folder = wanted.folder
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    places = communes.read()
    actors.write(places, wanted.rows, folder)
    events.write(places, wanted.events, folder / "events.ics")
    theirs = {"lon": "x", "lat": "y"}
    columns = "\n".join(f'{theirs.get(name, name)} = "{name}"' for name in actors.COLUMNS)
    demo = os.path.relpath(communes.DEMO, folder)
    text = TERRITORY.format(rows=wanted.rows, events=wanted.events, demo=demo, columns=columns)
    (folder / "territory.toml").write_text(text, encoding="utf-8")
    seconds = time.perf_counter() - began
    print(f"{folder}: {wanted.rows} actors, {wanted.events} events over {len(places.code)} communes in {seconds:.0f} s")


if __name__ == "__main__":
    main()
