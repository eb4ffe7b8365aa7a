"""Build the demo territory: boundaries, nomenclature, town halls, example actors, links and events.

    python build.py --cache build/demo-cache

Same sources, same bytes. The steps can be run alone with --only.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import boundaries
import check
import examples_actors
import examples_events
import nomenclature
import sources
import town_halls

STEPS = ("nomenclature", "town-halls", "examples", "reunion", "france")


def build(territory: sources.Territory, out: Path, steps: list[str]) -> None:
    """Run the wanted steps; the report of what was mended goes to `mending.json`."""
    if "nomenclature" in steps:
        print("nomenclature", nomenclature.build(territory, out))
    if "town-halls" in steps:
        keys, verdicts = town_halls.build(territory, out)
        print(f"town-halls {len(keys)}, e-mail addresses {dict(sorted(verdicts.items()))}")
    if "examples" in steps:
        actors = examples_actors.make(territory)
        links = examples_actors.links(actors, territory)
        events = examples_events.make(actors)
        examples_actors.write(actors, out)
        examples_actors.write_links(links, out)
        examples_events.write(events, out)
        print(f"examples: {len(actors)} actors, {len(links)} links, {len(events)} events")
    for name, region in (("reunion", "04"), ("france", None)):
        if name in steps:
            report = boundaries.build(territory, out / f"{name}.osm.pbf", region)
            print(f"{name}.osm.pbf {report.pop('counts')}")
            if name == "france":
                text = json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True)
                (out / "mending.json").write_text(text + "\n", encoding="utf-8")


def main() -> int:
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=Path("build/demo-cache"), help="folder for the source packages")
    parser.add_argument("--out", type=Path, default=here.parent, help="where to write (default: data/demo)")
    parser.add_argument("--only", choices=STEPS, action="append", help="run this step alone (may be repeated)")
    parser.add_argument("--no-check", action="store_true", help="do not verify the outputs afterwards")
    options = parser.parse_args()
    started = time.monotonic()
    try:
        sources.fetch(options.cache)
        territory = sources.load(options.cache)
        options.out.mkdir(parents=True, exist_ok=True)
        build(territory, options.out, options.only or list(STEPS))
    except (sources.SourceError, OSError) as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    print(f"built in {time.monotonic() - started:.0f} s")
    return 0 if options.no_check or check.run(options.out, territory) else 1


if __name__ == "__main__":
    sys.exit(main())
