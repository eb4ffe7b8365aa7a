"""Invented events as a calendar: one in twenty-five of the components is a weekly series."""

import datetime
import sys
from pathlib import Path

import numpy as np
from communes import DEMO, Communes, points

sys.path.insert(0, str(DEMO / "builder"))
import ical  # noqa: E402  (the demo's own writer of RFC 5545)
import vocabulary as words  # noqa: E402

SEED = 45_002
WEEKS = 10
"""Occurrences of a series."""
EVERY_NTH_REPEATS = 25
FIRST_DAY, DAYS = datetime.date(2026, 1, 1), 650
"""With the longest event and ten weeks, the last occurrence is over before 2028."""
STAMP = "20261101T080000Z"
TITLES = [(kind, title, theme) for kind, titles in words.EVENTS.items() for title, theme in titles]


def components(occurrences: int) -> int:
    """How many VEVENTs give so many occurrences."""
    of_round = EVERY_NTH_REPEATS - 1 + WEEKS
    rounds, rest = divmod(occurrences, of_round)
    return rounds * EVERY_NTH_REPEATS + min(rest, EVERY_NTH_REPEATS - 1)


def write(communes: Communes, occurrences: int, path: Path) -> None:
    """Writes the calendar, lines folded as RFC 5545 asks."""
    count = components(occurrences)
    random = np.random.Generator(np.random.PCG64(SEED))
    town = random.choice(len(communes.code), size=count, p=communes.weight)
    lon, lat = points(communes, town, random)
    title = random.integers(len(TITLES), size=count)
    venue = random.integers(len(words.VENUES), size=count)
    day = random.integers(DAYS, size=count)
    hour = random.choice((8, 9, 10, 14, 16, 18, 19, 20), size=count)
    minutes = random.choice((60, 90, 120, 180, 480, 1_560), size=count, p=(0.3, 0.2, 0.25, 0.15, 0.06, 0.04))
    shape = random.random(count)
    with path.open("w", encoding="utf-8", newline="") as out:
        head = ical.calendar("-//Parvis//Scale 1.0//FR", "Parvis", ["Europe/Paris", *sorted(ical.FIXED_ZONES)], [])
        out.write(head.decode("utf-8").removesuffix("END:VCALENDAR\r\n"))
        for at in range(count):
            kind, name, theme = TITLES[title[at]]
            t = town[at]
            times = _times(int(day[at]), int(hour[at]), int(minutes[at]), shape[at], str(communes.zone[t]))
            place = f"{words.VENUES[venue[at]]}, {communes.postcode[t]} {communes.name[t]}"
            lines = [
                "BEGIN:VEVENT", f"UID:scale-{at + 1:06d}@example.org", f"DTSTAMP:{STAMP}", *times,
                *([f"RRULE:FREQ=WEEKLY;COUNT={WEEKS}"] if at % EVERY_NTH_REPEATS == EVERY_NTH_REPEATS - 1 else []),
                f"SUMMARY:{ical.text(name)}", f"CATEGORIES:{kind},{theme}", f"LOCATION:{ical.text(place)}",
                f"GEO:{lat[at]:.7f};{lon[at]:.7f}", "STATUS:CANCELLED" if shape[at] > 0.97 else "STATUS:CONFIRMED",
                "END:VEVENT",
            ]  # fmt: skip
            out.write("".join((line if len(line) < 38 else ical.fold(line)) + "\r\n" for line in lines))
        out.write("END:VCALENDAR\r\n")


def _times(day: int, hour: int, minutes: int, shape: float, zone: str) -> list[str]:
    """All day, one in ten; else local time."""
    date = FIRST_DAY + datetime.timedelta(days=day)
    if shape < 0.1:
        end = date + datetime.timedelta(days=1 + minutes // 1_440)
        return [ical.moment("DTSTART", date, None), ical.moment("DTEND", end, None)]
    start = datetime.datetime(date.year, date.month, date.day, hour)
    return [ical.moment("DTSTART", start, zone),
            ical.moment("DTEND", start + datetime.timedelta(minutes=minutes), zone)]  # fmt: skip
