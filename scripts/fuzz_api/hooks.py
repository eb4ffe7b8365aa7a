"""What the OpenAPI document cannot say: values that exist in the demo, and what its standard wants otherwise."""

import re
import zlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import schemathesis

IDS = ["municipality:97411", "department:974", "region:04", "country:FR", "intercommunality:249740085", "country:RE",
       "actor:town-halls:97411", "actor:examples:ex-000001", "municipality:75056"]  # fmt: skip
REAL = {
    "id": IDS,
    "code": ["97400", "97410", "97490", "75001"],
    "style": ["parvis.json", "none.json"],
    "file": ["actors.csv", "regions.geojson", "boundaries.pmtiles", "events.parquet", "links.parquet", "actors.xlsx"],
    "z": ["0", "7", "9", "12", "14", "15"], "x": ["0", "83", "334", "2679"], "y": ["0", "71", "286", "2290"],
    "tileMatrix": ["0", "9", "12"], "tileRow": ["0", "286"], "tileCol": ["0", "334"],
}  # fmt: skip
TEXTS = {
    "filter": ["kind = 'place'", "name LIKE 'M%'", "theme = 'food' AND example = TRUE", "S_INTERSECTS(geometry, BBOX(55,-22,56,-20))",
               "A_CONTAINS(themes, ('food'))", "NOT (kind IN ('group', 'place'))", "CASEI(name) = casei('MAIRIE')", "start > DATE('2026-06-01')"],
    "q": ["marche", "saint denis", "é'\"%_\\"],
    "within": ["department:974", "municipality:97411", "region:04"],
    "near": ["55.45,-20.88", "-180,90"],
    "sortby": ["name", "-name,id", "distance"],
}  # fmt: skip

# Names in a message of `AcceptedNegativeData`, and where they are.
BLAMED = re.compile(r"parameters? ((?:`[^`]+`(?:, )?)+) in (query|path)")


def drawn(value: Any, among: list[str]) -> str | None:
    """One of a list, half the time; by what was generated, so that the same seed asks the same."""
    number = zlib.crc32(repr(value).encode("utf-8", "surrogatepass"))
    return among[(number >> 8) % len(among)] if number % 2 else None


@schemathesis.hook
def map_path_parameters(context: schemathesis.HookContext, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Puts what is there into addresses, half the time."""
    if path_parameters:
        for name in path_parameters.keys() & REAL.keys():
            path_parameters[name] = drawn(path_parameters, REAL[name]) or path_parameters[name]
    return path_parameters


@schemathesis.hook
def map_query(context: schemathesis.HookContext, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """Puts filters that mean something where there is one, half the time."""
    if query:
        for name in query.keys() & TEXTS.keys():
            query[name] = drawn(query, TEXTS[name]) or query[name]
    return query


@schemathesis.hook
def filter_failure(context: schemathesis.HookContext, failure: Any, case: Any, response: Any) -> bool:
    """Drops what a standard wants so: OGC API Features 1.0, /req/core/fc-limit-response-1: a limit over the maximum is no
    error, but cut to it; oEmbed 1.0, 2.3.3: a format that a provider does not write is 501. And what we want so: a page for
    people opens whatever others have hung on its link; a table is any text, and what is wrong with a row stands in its row;
    a form sends what nobody filled in, and an empty value counts as absent. And what the hooks above have put right."""
    message, path, status = f"{failure.message}", case.operation.path, response.status_code
    accepted = type(failure).__name__ == "AcceptedNegativeData"
    cut = status == 200 and "limit: Value greater than maximum" in message
    opened = accepted and status == 200 and "text/html" in str(response.headers.get("content-type"))
    table = accepted and path == "/lookup" and "in body" in message
    sent = parse_qs(urlsplit(response.request.url).query, keep_blank_values=True)
    blamed = [(name, where) for names, where in BLAMED.findall(message) for name in re.findall(r"`([^`]+)`", names)]
    meant = accepted and bool(blamed)
    for name, where in blamed:
        if where == "path":
            meant = meant and (case.path_parameters or {}).get(name) in REAL.get(name, [])
        else:
            meant = meant and means(name, ",".join(sent.get(name, [])), message)
    return not (cut or opened or table or meant or (status == 501 and path == "/oembed"))


def means(name: str, value: str, message: str) -> bool:
    """Whether what is wrong with a parameter of the query is right as it is sent: it is empty, or `map_query` has put it right, or it
    is a list of one value, which is written as the value alone; or it is the `limit` that is cut."""
    alone = re.search(rf"violates `type` at /properties/{re.escape(name)} \(was array, became (boolean|integer|number|string)\)", message)
    limit = name == "limit" and value.isascii() and value.isdigit() and int(value) > 0
    return not value.strip(", ") or value in TEXTS.get(name, []) or alone is not None or limit
