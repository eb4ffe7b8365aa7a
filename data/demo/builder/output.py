"""Write files whose bytes depend on their content alone."""

from __future__ import annotations

import csv
import gzip
import io
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

Point = tuple[float, float]


def write_gzip(path: Path, content: bytes) -> None:
    """gzip at level 9 without name and time, so that the same content gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(content)


def read_gzip(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode("utf-8")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """RFC 4180: comma, CRLF, quotes where needed, UTF-8 without BOM."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def coordinate(value: float) -> str:
    """At most seven decimals, no trailing zeros."""
    return f"{value:.7f}".rstrip("0").rstrip(".")


def fold(text: str) -> str:
    """Lower case without accents; ligatures opened."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
