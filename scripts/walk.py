"""Walks a running Parvis with other people's clients of OGC API Features: owslib, GDAL as pyogrio brings it, and
GDAL's own programs where they are installed (Debian: gdal-bin). Every collection is read to its end by pages, and must
give every id once.

usage: walk.py URL WORK_FOLDER
"""

import json
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pyogrio
from owslib.ogcapi.features import Features

LARGE = {"municipalities": 1_000, "actors": 5_000}
"""Pages of these are larger than 100: otherwise France takes minutes."""


def fetch(url: str) -> dict:
    request = urllib.request.Request(url, headers={"Accept": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def everything(base: str, collection: str) -> set[str]:
    """The ids of a collection by its GeoJSONSeq download: no page, no cursor."""
    with urllib.request.urlopen(f"{base}/downloads/{collection}.geojsonseq") as response:
        ids = [json.loads(line.lstrip(b"\x1e"))["id"] for line in response if line.strip()]
    assert len(set(ids)) == len(ids), f"{collection}: the download repeats ids"
    return set(ids)


def same(who: str, collection: str, found: list[str], expected: set[str]) -> None:
    assert len(set(found)) == len(found), f"{who}, {collection}: {len(found) - len(set(found))} rows came twice"
    missing, foreign = expected - set(found), set(found) - expected
    assert not missing and not foreign, f"{who}, {collection}: missing {sorted(missing)[:5]}, foreign {sorted(foreign)[:5]}"


def owslib_walk(base: str, expected: dict[str, set[str]]) -> None:
    """Landing page, API document, conformance, collections, queryables, pages, single items."""
    # Who asks `/` for nothing in particular, as owslib does, gets the map.
    service = Features(base, headers={"Accept": "application/json"})
    assert service.api()["openapi"].startswith("3.0"), "owslib finds no OpenAPI 3.0 document"
    conformance = service.conformance()["conformsTo"]
    assert any(uri.endswith("ogcapi-features-1/1.0/conf/core") for uri in conformance), conformance
    assert sorted(service.feature_collections()) == sorted(expected), service.feature_collections()
    for name, ids in expected.items():
        assert service.collection(name)["id"] == name
        if any("queryables" in uri for uri in conformance):
            assert service.collection_queryables(name)["properties"], name
        found = list(owslib_pages(service, name))
        same("owslib", name, found, ids)
        for identity in found[:3]:
            assert service.collection_item(name, urllib.parse.quote(identity))["id"] == identity
    print(f"owslib: {len(expected)} collections, {sum(map(len, expected.values()))} features by pages")


def owslib_pages(service: Features, name: str) -> list[str]:
    """The ids of all pages; the query of each `next` link is handed to owslib as it stands."""
    query, found = {"limit": LARGE.get(name, 100)}, []
    matched = None
    while query is not None:
        page = service.collection_items(name, **query)
        assert page["numberReturned"] == len(page["features"]), name
        assert matched in (None, page["numberMatched"]), f"{name}: numberMatched changes from page to page"
        matched = page["numberMatched"]
        found += [feature["id"] for feature in page["features"]]
        links = [link["href"] for link in page["links"] if link["rel"] == "next"]
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(links[0]).query)) if links else None
    assert matched == len(found), f"{name}: numberMatched {matched}, {len(found)} came"
    return found


def pyogrio_walk(base: str, expected: dict[str, set[str]]) -> None:
    """GDAL's OAPIF driver: the layers it lists, their counts, all of their rows by pages of its own."""
    assert "OAPIF" in pyogrio.list_drivers(), "this pyogrio has no OAPIF driver"
    source = f"OAPIF:{base}"
    assert sorted(name for name, _ in pyogrio.list_layers(source)) == sorted(expected)
    for name, ids in expected.items():
        options = {"PAGE_SIZE": str(LARGE.get(name, 100))}
        meta, _fids, _geometry, values = pyogrio.raw.read(source, layer=name, columns=["id"], **options)
        # A layer without features has no fields either.
        found = list(dict(zip(meta["fields"], values, strict=True)).get("id", []))
        same(f"pyogrio (GDAL {pyogrio.__gdal_version_string__})", name, found, ids)
    print(f"pyogrio, GDAL {pyogrio.__gdal_version_string__}: {len(expected)} collections, every id once")


def gdal_walk(base: str, expected: dict[str, set[str]], work: Path) -> None:
    """Debian's ogrinfo and ogr2ogr."""
    if not shutil.which("ogr2ogr"):
        print("NOT TESTED: ogrinfo and ogr2ogr are not installed (Debian: gdal-bin)")
        return
    version = subprocess.run(["ogrinfo", "--version"], capture_output=True, text=True, check=True).stdout.split(",")[0]
    listed = subprocess.run(["ogrinfo", "-ro", "-q", f"OAPIF:{base}"], capture_output=True, text=True, check=True).stdout
    names = {line.split(": ")[1].split(" ")[0] for line in listed.splitlines() if ": " in line}
    assert names == set(expected), names
    for name in ("municipalities", "departments", "events"):
        out = work / f"gdal-{name}.geojsonl"
        command = ["ogr2ogr", "-f", "GeoJSONSeq", str(out), f"OAPIF:{base}", name]
        command += ["-oo", f"PAGE_SIZE={LARGE.get(name, 100)}", "-select", "id"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and not done.stderr, f"ogr2ogr, {name}: {done.stderr}"
        found = [json.loads(line)["properties"]["id"] for line in out.read_text().splitlines()]
        same(version, name, found, expected[name])
    print(f"ogrinfo and ogr2ogr, {version}: {len(names)} collections, every municipality once")


def main() -> None:
    base, work = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    names = [c["id"] for c in fetch(f"{base}/collections?f=json")["collections"]]
    expected = {name: everything(base, name) for name in names}
    owslib_walk(base, expected)
    pyogrio_walk(base, expected)
    gdal_walk(base, expected, work)


if __name__ == "__main__":
    main()
