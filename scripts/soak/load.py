"""Well-behaved clients: the requests of maps and lists, at half of what the server can do."""

import asyncio
import json
import random
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field

from client import Broken, Connection
from editions import Publisher

GRACE = 2.0
"""Seconds that the server has to notice a new edition (it looks twice a second)."""

FILTERS = ["", "theme=food", "theme=culture,sport", "within=region:04", "bbox=55.2,-21.4,55.9,-20.8", "example=true",
           "theme=energy&within=municipality:97411,municipality:97415"]  # fmt: skip


@dataclass
class Tally:
    """What all clients saw."""

    statuses: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    checked: int = 0
    """Answers of which it could be told that they are of the edition in force."""

    def fail(self, what: str) -> None:
        self.wrong[what] += 1


def paths(seed: int) -> list[str]:
    """Requests as a page makes them: mostly tiles, then lists, counts, search and lookups."""
    draw = random.Random(seed)
    out = []
    for _ in range(400):
        z = draw.choice((0, 4, 7, 9, 10, 11, 12))
        n = 2**z
        x, y = int((55.5 + draw.uniform(-0.4, 0.4) + 180) / 360 * n), int((0.5597 + draw.uniform(-0.001, 0.001)) * n)
        query = draw.choice(FILTERS)
        tileset = draw.choice(("boundaries", "actors", "actors", "events"))
        tile = f"/tiles/{tileset}/{z}/{x}/{y}"
        out.append(tile if tileset == "boundaries" or not query else f"{tile}?{query}")
        collection = draw.choice(("actors", "events"))
        out.append(f"/collections/{collection}/items?limit={draw.choice((10, 100))}" + (f"&{query}" if query else ""))
    for _ in range(100):
        out.append(f"/collections/actors/facets?by=theme,kind&{draw.choice(FILTERS[1:])}")
        out.append(f"/search?q={draw.choice(('saint', 'piton', 'marche', 'le%20po', 'atelier'))}")
        out.append(f"/lookup?lon={55.5 + draw.uniform(-0.2, 0.2):.4f}&lat={-21.1 + draw.uniform(-0.2, 0.2):.4f}")
        out.append(draw.choice(("/collections?f=json", "/tiles/territory", "/?f=json", "/styles/parvis-light.json", "/health")))
    draw.shuffle(out)
    return out


async def client(host: str, port: int, number: int, pace: "Pace", tally: Tally) -> None:
    """One kept connection that asks for one path after the other until it is cancelled."""
    connection, wanted, at = Connection(host, port), paths(number), 0
    while True:
        await pace.turn()
        path = wanted[at % len(wanted)]
        at += 1
        began = time.perf_counter()
        try:
            # `wait_for` of Python 3.11 answers, where it is cancelled as the answer comes: the client would go on for ever.
            async with asyncio.timeout(30):
                answer = await connection.get(path, {"Accept-Encoding": "gzip"})
        except (Broken, OSError, asyncio.TimeoutError) as error:
            tally.fail(f"{path.split('?')[0]}: {type(error).__name__} {error}")
            connection.close()
            continue
        tally.milliseconds.append((time.perf_counter() - began) * 1000)
        tally.statuses[answer.status] += 1
        if answer.status not in (200, 204):
            tally.fail(f"{path}: {answer.status} {answer.body[:200]!r}")
        elif at % 50 == 0 and answer.headers.get("content-encoding") == "gzip":
            try:
                zlib.decompress(answer.body, 31)
            except zlib.error as error:
                tally.fail(f"{path}: {error}")


class Pace:
    """Lets as many requests a second through as it is told; without a rate, all of them."""

    def __init__(self) -> None:
        self.rate: float | None = None
        self.next = 0.0

    async def turn(self) -> None:
        if self.rate is None:
            return
        now = time.monotonic()
        self.next = max(self.next + 1 / self.rate, now - 0.25)
        if self.next > now:
            await asyncio.sleep(self.next - now)


async def freshness(host: str, port: int, publisher: Publisher, tally: Tally) -> None:
    """Ten times a second: does an answer say what the edition in force says, and does the tag of an older one no longer hold?"""
    connection, asked = Connection(host, port), 0
    held = ("", '"none"')
    while True:
        await asyncio.sleep(0.1)
        asked += 1
        before, changed = publisher.id, publisher.changed
        headers = {"If-None-Match": held[1]} if asked % 2 else {}
        try:
            answer = await connection.get("/collections/events/items?limit=1&f=json", headers)
        except (Broken, OSError) as error:
            tally.fail(f"freshness: {error}")
            connection.close()
            continue
        if publisher.id != before or time.monotonic() - changed < GRACE:
            continue
        tally.checked += 1
        if answer.status == 304 and headers:
            if held[0] != before:
                tally.fail("304 to the tag of an older edition")
        elif answer.status == 200:
            held = (before, answer.headers["etag"])
            rows = publisher.rows("events")
            if json.loads(answer.body)["numberMatched"] != rows:
                tally.fail(f"items of events count {json.loads(answer.body)['numberMatched']} rows, the edition has {rows}")
        else:
            tally.fail(f"freshness: {answer.status}")
