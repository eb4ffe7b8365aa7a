"""Invented actors as a table, a block of rows at a time: the same seed and number give the same bytes."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from communes import DEMO, Communes, points

sys.path.insert(0, str(DEMO / "builder"))
import vocabulary as words  # noqa: E402  (the demo's own words)

SEED = 45_001
BLOCK = 250_000
COLUMNS = ["key", "kind", "name", "description", "themes", "tags", "url", "telephone", "address", "postcode",
           "updated", "lon", "lat"]  # fmt: skip

RECIPES = [(theme, recipe) for theme in words.THEMES for recipe in words.ACTORS[theme]]
POPULAR = {"culture": 3.0, "sport": 3.0, "citizen": 2.0, "education": 1.5, "economy": 1.5}
"""What people found most often counts more than the rest, which counts 1."""

SECONDS_OF_YEARS = 5 * 365 * 86_400
UPDATED_FROM = np.datetime64("2021-11-01T00:00:00")


def write(communes: Communes, rows: int, folder: Path) -> None:
    """Writes `actors.csv` (what `parvis ingest` reads) and `actors.parquet` (the same rows, for other tools)."""
    random = np.random.Generator(np.random.PCG64(SEED))
    schema = pa.schema([(name, pa.float64() if name in ("lon", "lat") else pa.string()) for name in COLUMNS])
    options = pacsv.WriteOptions(quoting_style="needed")
    with (
        pacsv.CSVWriter(folder / "actors.csv", schema, write_options=options) as table,
        pq.ParquetWriter(folder / "actors.parquet", schema, compression="zstd") as parquet,
    ):
        for block in blocks(communes, rows, random):
            table.write_table(block.cast(schema))
            parquet.write_table(block.cast(schema))


def blocks(communes: Communes, rows: int, random: np.random.Generator) -> Iterator[pa.Table]:
    """The rows in blocks, numbered from 1."""
    for first in range(0, rows, BLOCK):
        yield _block(communes, first, min(BLOCK, rows - first), random)


def _block(communes: Communes, first: int, rows: int, random: np.random.Generator) -> pa.Table:
    weights = np.array([POPULAR.get(theme, 1.0) / len(words.ACTORS[theme]) for theme, _ in RECIPES])
    recipe = random.choice(len(RECIPES), size=rows, p=weights / weights.sum())
    town = random.choice(len(communes.code), size=rows, p=communes.weight)
    lon, lat = points(communes, town, random)
    number = np.arange(first + 1, first + rows + 1)
    key = _text(number, "s", 7)
    noun = _take([r.noun for _, r in RECIPES], recipe)
    qualifier = _take(words.QUALIFIERS, random.integers(len(words.QUALIFIERS), size=rows))
    place = pc.if_else(pa.array(random.random(rows) < 0.4), _join(pa.scalar(", "), _take(communes.name, town)), "")
    street = _take(words.STREETS, random.integers(len(words.STREETS), size=rows))
    columns = {
        "key": key,
        "kind": _take([r.kind for _, r in RECIPES], recipe),
        "name": _join(noun, pa.scalar(" "), qualifier, place),
        "description": _take([f"Exemple : {r.sentence}." for _, r in RECIPES], recipe),
        "themes": _themes(recipe, random),
        "tags": _tags(recipe, random),
        "url": _some(0.4, _join(pa.scalar("https://example.org/"), key), random),
        "telephone": _some(0.3, _join(pa.scalar("+33199"), _text(random.integers(10_000, size=rows), "00", 4)), random),
        "address": _join(_text(random.integers(1, 99, size=rows), "", 0), pa.scalar(" "), street),
        "postcode": _take(communes.postcode, town),
        "updated": _updated(random, rows),
        "lon": pa.array(lon),
        "lat": pa.array(lat),
    }
    return pa.table({name: columns[name] for name in COLUMNS})


def _themes(recipe: np.ndarray, random: np.random.Generator) -> pa.Array:
    """The recipe's theme, with none, one or two that go well with it."""
    choices, sizes = [], []
    for theme, _ in RECIPES:
        a, b, c = words.NEIGHBOUR_THEMES[theme]
        own = [theme, theme, theme, f"{theme};{a}", f"{theme};{b}", f"{theme};{c}", f"{theme};{a};{b}"]
        choices += own
        sizes.append(len(own))
    return _take(choices, recipe * sizes[0] + random.integers(sizes[0], size=len(recipe)))


def _tags(recipe: np.ndarray, random: np.random.Generator) -> pa.Array:
    """One or two of the recipe's tags, and half the time one of anybody's."""
    pairs = [f"{r.tags[0]};{r.tags[1 % len(r.tags)]}" if n else r.tags[-1] for _, r in RECIPES for n in (0, 1)]
    own = _take(pairs, recipe * 2 + random.integers(2, size=len(recipe)))
    more = _take([f";{tag}" for tag in words.MORE_TAGS], random.integers(len(words.MORE_TAGS), size=len(recipe)))
    return _join(own, pc.if_else(pa.array(random.random(len(recipe)) < 0.5), more, ""))


def _updated(random: np.random.Generator, rows: int) -> pa.Array:
    moments = UPDATED_FROM + random.integers(SECONDS_OF_YEARS, size=rows).astype("timedelta64[s]")
    return _join(pa.array(np.datetime_as_string(moments, unit="s")), pa.scalar("Z"))


def _take(values: object, at: np.ndarray) -> pa.Array:
    return pa.array(list(values), pa.string()).take(pa.array(at))


def _join(*parts: pa.Array | pa.Scalar) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _some(share: float, values: pa.Array, random: np.random.Generator) -> pa.Array:
    return pc.if_else(pa.array(random.random(len(values)) < share), values, "")


def _text(numbers: np.ndarray, prefix: str, width: int) -> pa.Array:
    """Numbers as text, with a prefix and zeros in front."""
    text = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width=width, padding="0")
    return _join(pa.scalar(prefix), text)
