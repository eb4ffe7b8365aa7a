"""Clients that behave badly; the others must not notice. Each runs until it is cancelled."""

import asyncio
import random

from client import Connection
from load import Tally

LONG = "/downloads/municipalities.geojson"
EXPORTS = ["/collections/actors/export?f=geojson", "/collections/actors/export?f=csv", "/collections/events/items?limit=50000"]


async def idle(host: str, port: int, count: int, tally: Tally) -> None:
    """Keeps `count` connections that say nothing; those that the server closes are opened again."""
    held: list[asyncio.StreamWriter] = []
    while True:
        held = [writer for writer in held if not writer.transport.is_closing()]
        for _ in range(count - len(held)):
            try:
                reader, writer = await asyncio.open_connection(host, port)
            except OSError:
                tally.fail("an idle connection was not accepted")
                break
            asyncio.ensure_future(_until_end(reader, writer))
            held.append(writer)
            if len(held) % 100 == 0:
                await asyncio.sleep(0)
        await asyncio.sleep(1)


async def _until_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Notices that the other side has closed."""
    try:
        await reader.read()
    except OSError:
        pass
    writer.close()


async def slow_reader(host: str, port: int, data: str) -> None:
    """Takes a long answer at a kilobyte a second."""
    while True:
        connection = Connection(host, port)
        try:
            await connection.send(data)
            assert connection.reader
            while await connection.reader.read(1024):
                await asyncio.sleep(1)
        except OSError:
            pass
        connection.close()
        await asyncio.sleep(1)


async def large_headers(host: str, port: int, tally: Tally) -> None:
    """64 kB of header fields: 431, or the connection is closed."""
    while True:
        connection = Connection(host, port)
        try:
            fields = {f"X-Filler-{n}": "x" * 1000 for n in range(64)}
            await connection.send("/health", fields)
            async with asyncio.timeout(20):
                status, _ = await connection.head()
            if status != 431:
                tally.fail(f"64 kB of headers: {status}")
        except asyncio.TimeoutError:
            tally.fail("64 kB of headers: no answer")
        except Exception:  # a closed connection is an answer too
            pass
        connection.close()
        await asyncio.sleep(2)


async def leaver(host: str, port: int, number: int) -> None:
    """Asks for a long answer and leaves in the middle of it."""
    draw = random.Random(number)
    while True:
        connection = Connection(host, port)
        try:
            await connection.send(draw.choice(EXPORTS))
            assert connection.reader
            await connection.reader.read(draw.randrange(1, 65_536))
        except OSError:
            pass
        if connection.writer is not None:
            connection.writer.transport.abort()
        await asyncio.sleep(draw.uniform(0.05, 0.5))
