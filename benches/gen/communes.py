"""Where people live: communes with their town hall, population and postal codes, from the demo territory's files."""

import csv
import gzip
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DEMO = Path(__file__).resolve().parents[2] / "data/demo"
KM_PER_DEGREE = 111.32

ZONES = {"971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne",
         "974": "Indian/Reunion", "976": "Indian/Mayotte"}  # fmt: skip


@dataclass(frozen=True)
class Communes:
    """Columns of the same length, a row a commune; Paris, Lyon and Marseille by their arrondissements."""

    code: np.ndarray
    name: np.ndarray
    postcode: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    spread_km: np.ndarray
    """Standard deviation of the distance from the town hall, along each axis."""
    weight: np.ndarray
    """Share of the population; they sum to 1."""
    zone: np.ndarray
    """IANA time zone."""


def read() -> Communes:
    """The communes that have a town hall with a place and somebody who lives there, by code."""
    halls = {row["key"]: row for row in _rows("town-halls.csv.gz") if row["lon"]}
    listed = json.loads(gzip.decompress((DEMO / "nomenclature/communes.json.gz").read_bytes()))
    parts = [c for c in listed if c["type"] == "arrondissement-municipal"]
    whole = {c["commune"] for c in parts}
    current = [c for c in listed if c["type"] == "commune-actuelle" and c["code"] not in whole]
    kept = sorted((c for c in [*current, *parts] if c["code"] in halls and c.get("population")), key=lambda c: c["code"])
    people = np.array([c["population"] for c in kept], dtype=np.float64)
    return Communes(
        code=np.array([c["code"] for c in kept]),
        name=np.array([c["nom"] for c in kept]),
        postcode=np.array([(c.get("codesPostaux") or [""])[0] for c in kept]),
        lon=np.array([float(halls[c["code"]]["lon"]) for c in kept]),
        lat=np.array([float(halls[c["code"]]["lat"]) for c in kept]),
        spread_km=np.array([_spread(p) for p in people]),
        weight=people / people.sum(),
        zone=np.array([ZONES.get(c["code"][:3], "Europe/Paris") for c in kept]),
    )


def points(communes: Communes, chosen: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A gaussian step from each chosen commune's town hall; seven decimals, as OpenStreetMap has."""
    spread = communes.spread_km[chosen] / KM_PER_DEGREE
    lat = communes.lat[chosen] + random.standard_normal(len(chosen)) * spread
    lon = communes.lon[chosen] + random.standard_normal(len(chosen)) * spread / np.cos(np.radians(communes.lat[chosen]))
    return np.round(lon, 7), np.round(lat, 7)


def _spread(people: float) -> float:
    """Villages are some 600 m wide where they are built up, towns up to 3 km."""
    return min(3.0, 0.4 + 0.25 * math.sqrt(people / 2_500))


def _rows(name: str) -> list[dict[str, str]]:
    with gzip.open(DEMO / name, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
