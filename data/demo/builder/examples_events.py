"""The example events: one calendar with every sort of time a reader of iCalendar meets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import ical
import vocabulary as words
from examples_actors import Actor
from output import Point, coordinate, fold, write_gzip

SEED = 974_002
STAMP = "20260901T080000Z"
ZONES = {"971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion",
         "976": "Indian/Mayotte"}
EVENTS_OF = {"974": 84, "971": 14, "972": 14, "973": 12, "976": 12}
MAINLAND_EVENTS = 482
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2027, 12, 31)
BUSY_FROM, BUSY_DAYS = date(2026, 10, 1), 273
RECURRING = ("market", "course", "workshop", "meeting")


@dataclass
class Event:
    """One VEVENT. `end` is exclusive for all-day events, as in RFC 5545."""

    uid: str
    kind: str
    title: str
    themes: list[str]
    organizer: Actor
    point: Point
    place: str
    start: date | datetime
    end: date | datetime
    tzid: str
    status: str = "CONFIRMED"
    url: str = ""
    extra: list[str] = field(default_factory=list)
    sequence: int = 0

    def lines(self) -> list[str]:
        name = self.organizer.name.replace('"', "")
        out = [
            "BEGIN:VEVENT", f"UID:{self.uid}", f"DTSTAMP:{STAMP}",
            ical.moment("DTSTART", self.start, self.tzid), ical.moment("DTEND", self.end, self.tzid), *self.extra,
            f"SUMMARY:{ical.text(self.title)}",
            f"DESCRIPTION:{ical.text(f'Exemple : {self.title[0].lower()}{self.title[1:]}, proposé par {name}. Entrée libre.')}",
            "CATEGORIES:" + ",".join([self.kind, *self.themes]),
            f"LOCATION:{ical.text(self.place)}",
            f"GEO:{coordinate(self.point[1])};{coordinate(self.point[0])}",
            f"STATUS:{self.status}", f"SEQUENCE:{self.sequence}",
            f'ORGANIZER;CN="{name}":urn:parvis:{self.organizer.id}',
        ]
        if self.url:
            out.append(f"URL:{self.url}")
        return [*out, "END:VEVENT"]


def _day(random: Random) -> date:
    """Four days in five fall between October 2026 and June 2027."""
    if random.random() < 0.8:
        return BUSY_FROM + timedelta(days=random.randrange(BUSY_DAYS))
    return FIRST_DAY + timedelta(days=random.randrange((LAST_DAY - FIRST_DAY).days - 3))


def _utc(local: datetime, tzid: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(tzid)).astimezone(timezone.utc).replace(tzinfo=None)


def _times(event: Event, number: int, random: Random) -> None:
    """Give the event one of the shapes of time: all-day, several days, UTC or a plain local time."""
    day = _day(random)
    local = datetime(day.year, day.month, day.day, random.choice((8, 9, 10, 14, 16, 18, 19, 20)), random.choice((0, 0, 15, 30)))
    event.start, event.end = local, local + timedelta(minutes=random.choice((60, 90, 120, 180)))
    if number % 10 == 3:
        event.start, event.end = day, day + timedelta(days=random.choice((1, 1, 2, 3)))
    elif number % 12 == 5:
        event.end = local + timedelta(days=random.choice((1, 2, 4)), hours=2)
    elif number % 14 == 6:
        event.start, event.end = _utc(local, event.tzid), _utc(event.end, event.tzid)
        event.tzid = "UTC"


def _repeat(event: Event, nth: int, random: Random) -> None:
    """Make the event weekly: by COUNT, or UNTIL (in UTC, as required) and sometimes with an EXDATE."""
    day = date(2026, 10, 3) + timedelta(days=random.randrange(60))
    start = datetime(day.year, day.month, day.day, random.choice((8, 9, 17)), 0)
    event.start, event.end = start, start + timedelta(hours=random.choice((2, 4)))
    byday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
    if nth % 2:
        last = _utc(start + timedelta(weeks=random.randint(6, 30)), event.tzid)
        event.extra = [f"RRULE:FREQ=WEEKLY;BYDAY={byday};UNTIL={last:%Y%m%dT%H%M%S}Z"]
    else:
        event.extra = [f"RRULE:FREQ=WEEKLY;BYDAY={byday};COUNT={random.randint(6, 30)}"]
    if nth % 5 == 2:
        event.extra.append(ical.moment("EXDATE", start + timedelta(weeks=random.randint(1, 4)), event.tzid))


def _event(number: int, organizer: Actor, random: Random) -> Event:
    kind = tuple(words.EVENTS)[number % len(words.EVENTS)]
    title, theme = random.choice(words.EVENTS[kind])
    others = random.sample(words.NEIGHBOUR_THEMES[theme], random.choice((0, 1, 1, 2)))
    town = organizer.spot.place.name
    venue = random.choice(words.VENUES)
    slug = fold(title).replace(" : ", "-").replace("'", "-").replace(" ", "-")
    return Event(
        uid=f"ex-ev-{number + 1:04d}@example.org", kind=kind, title=title, themes=[theme, *others], organizer=organizer,
        point=organizer.spot.point(random), place=f"{venue}, {organizer.postcode} {town}".replace("  ", " "),
        start=FIRST_DAY, end=FIRST_DAY, tzid=ZONES.get(organizer.department, "Europe/Paris"),
        status=random.choices(("CONFIRMED", "TENTATIVE", "CANCELLED"), (90, 6, 4))[0],
        url=f"https://example.org/agenda/{slug}-{number + 1}" if random.random() < 0.3 else "",
    )


def _organizers(actors: list[Actor], random: Random) -> list[Actor]:
    pools: dict[str, list[Actor]] = defaultdict(list)
    for actor in actors:
        if actor.insee:
            pools[actor.department if actor.department in EVENTS_OF else "mainland"].append(actor)
    chosen = random.choices(pools["mainland"], k=MAINLAND_EVENTS)
    for department, count in EVENTS_OF.items():
        chosen += random.choices(pools[department], k=count)
    random.shuffle(chosen)
    return chosen


def make(actors: list[Actor]) -> list[Event]:
    """All example events, the override of one occurrence last."""
    random = Random(SEED)
    events: list[Event] = []
    series: list[Event] = []
    for number, organizer in enumerate(_organizers(actors, random)):
        event = _event(number, organizer, random)
        if event.kind in RECURRING and number % 3 == 0:
            _repeat(event, len(series), random)
            series.append(event)
        else:
            _times(event, number, random)
        events.append(event)
    unbounded = next(event for event in series if event.tzid == "Indian/Reunion" and event.kind == "market")
    unbounded.extra = [unbounded.extra[0].partition(";COUNT")[0].partition(";UNTIL")[0]]
    events.append(_override(next(event for event in series if "COUNT" in event.extra[0] and len(event.extra) == 1)))
    return events


def _override(base: Event) -> Event:
    """The third occurrence of a series, moved two hours later."""
    third = base.start + timedelta(weeks=2)
    assert isinstance(third, datetime)
    moved = Event(**{**base.__dict__, "title": f"{base.title} (horaire décalé)", "sequence": 1})
    moved.start, moved.end = third + timedelta(hours=2), third + timedelta(hours=2) + (base.end - base.start)
    moved.extra = [ical.moment("RECURRENCE-ID", third, base.tzid)]
    return moved


def write(events: list[Event], out: Path) -> None:
    zones = ["Europe/Paris", *sorted(ical.FIXED_ZONES)]
    content = ical.calendar("-//Parvis//Demo examples 1.0//FR", "Parvis : exemples", zones, [event.lines() for event in events])
    write_gzip(out / "events.ics.gz", content)
