"""A small HTTP/1.1 client over asyncio: one connection, kept open, that counts what goes wrong."""

import asyncio
from dataclasses import dataclass


class Broken(Exception):
    """The connection ended, or what came is no HTTP."""


class Closed(Broken):
    """The connection ended before the answer began."""


@dataclass
class Answer:
    """A status, headers by lower-case name, and the body as sent."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """Requests one after the other; opens again after an error."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """A whole answer. A kept connection that the server has closed meanwhile is opened again, once, as every client does."""
        kept = self.writer is not None
        try:
            await self.send(path, headers)
            status, fields = await self.head()
        except (Closed, OSError):
            if not kept:
                raise
            self.close()
            await self.send(path, headers)
            status, fields = await self.head()
        body = b"" if status in (204, 304) else await self.body(fields)
        if fields.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, fields, body)

    async def send(self, path: str, headers: dict[str, str] | None = None) -> None:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        lines = [f"GET {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await self.writer.drain()

    async def head(self) -> tuple[int, dict[str, str]]:
        assert self.reader
        try:
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        except asyncio.IncompleteReadError as error:
            kind = Broken if error.partial else Closed
            raise kind(f"ended after {len(error.partial)} bytes of a head") from error
        fields = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
        return int(head[0].split(" ")[1]), {name.lower(): value for name, value in fields.items()}

    async def body(self, fields: dict[str, str]) -> bytes:
        assert self.reader
        try:
            if "content-length" in fields:
                return await self.reader.readexactly(int(fields["content-length"]))
            if fields.get("transfer-encoding") != "chunked":
                raise Broken("neither a length nor chunks")
            parts = []
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                parts.append(await self.reader.readexactly(size))
                await self.reader.readexactly(2)
            await self.reader.readexactly(2)
            return b"".join(parts)
        except asyncio.IncompleteReadError as error:
            raise Broken(f"ended inside a body, {len(error.partial)} bytes after its last whole piece") from error

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None
