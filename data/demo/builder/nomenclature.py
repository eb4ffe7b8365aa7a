"""The official nomenclature, in the very format of its npm package, only compact and gzipped."""

from __future__ import annotations

import json
from pathlib import Path

from output import write_gzip
from sources import Territory


def build(territory: Territory, out: Path) -> dict[str, int]:
    """Write one `<name>.json.gz` per file of the package; returns the number of entries of each."""
    counts = {}
    for name, entries in territory.nomenclature.items():
        compact = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
        write_gzip(out / "nomenclature" / f"{name}.json.gz", compact.encode("utf-8"))
        counts[name] = len(entries)
    return counts
