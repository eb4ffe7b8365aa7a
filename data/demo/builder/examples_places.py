"""Where examples are put: a share of rows for each commune and believable points inside its contour."""

from __future__ import annotations

import math
from collections import defaultdict
from random import Random

import shapely

from output import Point
from sources import Place, Territory
from town_halls import location

TOTAL = 5600
FEWEST_PER_DEPARTMENT = 22
REUNION, FEWEST_PER_REUNION_COMMUNE = "974", 9
EXTRA = {REUNION: 420, "75": 110, "69": 70, "13": 70}
BIG_CITIES = {"75": "75056", "69": "69123", "13": "13055"}
KM_PER_DEGREE = 111.32


class Spot:
    """A commune, or an arrondissement of Paris, Lyon or Marseille, that receives examples."""

    def __init__(self, place: Place, postcodes: list[str]) -> None:
        if place.geometry is None:
            raise ValueError(f"{place.code} has no contour")
        self.place = place
        self.postcodes = postcodes
        self.contour = place.geometry
        shapely.prepare(self.contour)
        hall = location(place)
        if hall is None or not self.contour.contains(shapely.Point(hall)):
            inside = self.contour.representative_point()
            hall = (inside.x, inside.y)
        self.centre: Point = hall
        self.km_per_lon = KM_PER_DEGREE * math.cos(math.radians(hall[1]))
        area = self.contour.area * self.km_per_lon * KM_PER_DEGREE
        self.sigma_km = min(3.0, 0.25 * math.sqrt(area))

    def point(self, random: Random) -> Point:
        """A gaussian step from the town hall that stays inside the contour; shorter steps after each miss."""
        sigma = self.sigma_km
        for _ in range(60):
            lon = round(self.centre[0] + random.gauss(0, sigma) / self.km_per_lon, 6)
            lat = round(self.centre[1] + random.gauss(0, sigma) / KM_PER_DEGREE, 6)
            if self.contour.contains(shapely.Point(lon, lat)):
                return lon, lat
            sigma *= 0.93
        return self.centre


def department_quotas(territory: Territory) -> dict[str, int]:
    """How many examples each department gets: a floor, extras, and the rest by population."""
    population: dict[str, int] = defaultdict(int)
    for place in territory.communes:
        population[place.department or ""] += place.population or 0
    quotas = {code: FEWEST_PER_DEPARTMENT + EXTRA.get(code, 0) for code in sorted(population)}
    left, total = TOTAL - sum(quotas.values()), sum(population.values())
    shares = {code: left * population[code] / total for code in quotas}
    for code, share in shares.items():
        quotas[code] += int(share)
    by_rest = sorted(shares, key=lambda code: (int(shares[code]) - shares[code], code))
    for code in by_rest[: TOTAL - sum(quotas.values())]:
        quotas[code] += 1
    return quotas


class Atlas:
    """Chooses the commune of each example."""

    def __init__(self, territory: Territory) -> None:
        entries = territory.nomenclature["communes"]
        self._postcodes = {(e["type"], e["code"]): e.get("codesPostaux", []) for e in entries}
        self._communes: dict[str, list[Place]] = defaultdict(list)
        self._arrondissements: dict[str, list[Place]] = defaultdict(list)
        self._spots: dict[str, Spot] = {}
        for place in territory.places:
            if place.geometry is None:
                continue
            if place.is_commune:
                self._communes[place.department or ""].append(place)
            elif place.type == "ARM":
                self._arrondissements[place.commune].append(place)

    def spot(self, place: Place) -> Spot:
        if place.code not in self._spots:
            kind = "commune-actuelle" if place.is_commune else "arrondissement-municipal"
            self._spots[place.code] = Spot(place, self._postcodes.get((kind, place.code), []))
        return self._spots[place.code]

    def spots_of(self, department: str, count: int, random: Random) -> list[Spot]:
        """`count` spots of a department, weighted by population; every commune of Réunion is served."""
        communes = self._communes[department]
        weights = [math.pow((place.population or 0) + 1, 0.8) for place in communes]
        chosen: list[Place] = []
        if department == REUNION:
            chosen = [place for place in communes for _ in range(FEWEST_PER_REUNION_COMMUNE)]
        if department in BIG_CITIES:
            city = next(place for place in communes if place.code == BIG_CITIES[department])
            chosen = [city] * EXTRA[department]
        chosen += random.choices(communes, weights, k=count - len(chosen))
        return [self._inner(place, random) for place in chosen]

    def _inner(self, place: Place, random: Random) -> Spot:
        parts = self._arrondissements.get(place.code)
        if not parts:
            return self.spot(place)
        return self.spot(random.choices(parts, [part.population or 1 for part in parts])[0])
