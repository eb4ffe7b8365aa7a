"""Writes what was measured of the server as Markdown: the same results.json gives the same bytes."""

from markdown import table

LEAST, AIM = "least reached", "aim reached"


def text(results: dict) -> str:
    """The whole part."""
    sections = {"stored": stored, "filtered": filtered, "items": items, "export": export, "levels": levels,
                "start": start, "counts": counts, "growth": growth}  # fmt: skip
    parts = [head(results)]
    parts += [section(results[name]) for name, section in sections.items() if not results.get(name, {"broken": True}).get("broken")]
    return "\n\n".join([*parts, absent(results)])


def head(results: dict) -> str:
    machine = results["machine"]
    versions = "; ".join(f"{name}: {said}" for name, said in results["versions"].items() if said)
    looks = sorted(name for name, row in results.items() if isinstance(row, dict) and row.get("runs") == 1)
    look = f" **Run once only, a look and no measure: {', '.join(looks)}.**" if looks else ""
    return f"""# The server, side by side

Written by `make bench-peers PART=server` ([how](peers/README.md#the-server)) on {results["date"]}: {machine["cores"]} cores
({machine["processor"]}), {machine["memory_gb"]} GB, {machine["system"]}. The server (and PostgreSQL) has one core, the client the other;
both ends are on this machine. A million invented actors over France (`make scale-data`), the same rows for all. Milliseconds are of whole
answers; every first answer was decoded.{look}

Versions: {versions}."""


def verdict(reached: bool, least: bool) -> str:
    return AIM if reached else LEAST if least else "**missed**"


def stored(row: dict) -> str:
    lines = []
    for name, server in row["servers"].items():
        cells = [name]
        for rate in server["rates"]:
            cells += [f"{rate['per_second']:,.0f}", f"{rate['p50']:.2f} / {rate['p95']:.2f} / {rate['p99']:.2f}"]
        errors = sum(rate["errors"] for rate in server["rates"]) + server["not_200"]
        lines.append([*cells, f"{server['memory_mb']} MB", str(errors)])
    columns = ["server"]
    for connections in (1, 16, 64):
        columns += [f"{connections} conn., /s", "p50 / p95 / p99 ms"]
    out = [
        f"## Stored tiles\n\n{row['tiles']} boundary tiles, zooms 0 to 12, drawn around towns by their population with a fixed seed, "
        "gzip as it lies in the archive. nginx serves the same tiles unpacked to files (`gzip_static`, open file cache). "
        "Aim: nginx's own rate; least: 4 times martin's and 0.7 of nginx's, at 16 connections.",
        table([*columns, "memory", "errors"], lines),
        same("Features in these tiles", row["features"]),
    ]
    rate = {name: server["rates"][1]["per_second"] for name, server in row["servers"].items()}
    work = {name: server["rates"][1]["per_second"] / server["rates"][1]["busy"] for name, server in row["servers"].items()}
    if "parvis" in rate and len(rate) > 1:
        said = "; ".join(f"ours ÷ {name} {rate['parvis'] / rate[name]:.2f}" for name in rate if name != "parvis")
        by_work = "; ".join(f"ours ÷ {name} {work['parvis'] / work[name]:.2f}" for name in work if name != "parvis")
        if "nginx" in work and "martin" in work:
            by_work += f"; nginx ÷ martin {work['nginx'] / work['martin']:.2f}"
        busy = ", ".join(f"{name} {server['rates'][1]['busy']:.0%}" for name, server in row["servers"].items())
        out.append(
            f"At 16 connections: {said}. Used of the server's core: {busy}; where it is less than all, the client was the limit. "
            f"Requests for the same processor time: {by_work}: "
            f"{verdict(work['parvis'] >= work.get('nginx', 0), work['parvis'] >= 4 * work.get('martin', 0) and work['parvis'] >= 0.7 * work.get('nginx', 0))}."
        )
    return "\n\n".join(out)


def same(what: str, counts: dict) -> str:
    """Whether all counted the same."""
    if len(set(counts.values())) == 1 and len(counts) > 1:
        return f"{what}: {next(iter(counts.values())):,}, the same of all."
    return f"{what}: " + "; ".join(f"{name} {count:,}" for name, count in counts.items()) + "."


def filtered(row: dict) -> str:
    zooms = list(next(iter(row["servers"].values())))
    lines = []
    for name, by_zoom in row["servers"].items():
        lines.append([name, *(f"{by_zoom[z]['p50']:.1f} / {by_zoom[z]['p99']:.1f}" for z in zooms)])
    mine = row["servers"].get("parvis", {})
    peers = {name: times for name, times in row["servers"].items() if name != "parvis"}
    for name, times in peers.items():
        if mine:
            lines.append([f"{name} ÷ ours, p50", *(f"{times[z]['p50'] / mine[z]['p50']:.1f}" for z in zooms)])
    points = [same(f"z{z}", {name: counts[z] for name, counts in row["points"].items()}) for z in zooms]
    out = [
        f"## Filtered tiles over a million points, each asked for the first time\n\n{row['count']} different pairs of a tile and two themes "
        "of twelve a zoom; no answer comes from a cache. Ours are clusters and points with exact counts; martin's (a function source over "
        "PostGIS, GiST and GIN indexes, its cache off) and DuckDB's (`ST_AsMVT` in process, one thread, no network) are all the points. "
        "p50 / p99 in milliseconds. Aim: p99 10 ms and 20 times as fast up to zoom 8, faster at every zoom; least: p99 10 ms, 10 times.",
        table(["server", *(f"z{z}" for z in zooms)], lines),
        "Points in these tiles, clusters by their count: " + " ".join(points),
    ]
    if mine:
        worst = max(times["p99"] for times in mine.values())
        errors = sum(times.get("errors", 0) for times in mine.values())
        low = [times[z]["p50"] / mine[z]["p50"] for times in peers.values() for z in zooms if int(z) <= 8]
        every = [times[z]["p50"] / mine[z]["p50"] for times in peers.values() for z in zooms]
        least = min(low, default=0)
        reached = worst <= 10 and least >= 20 and min(every, default=0) > 1
        out.append(
            f"Ours: p99 at most {worst:.1f} ms, at least {least:.1f} times as fast as any up to zoom 8, {min(every, default=0):.1f} times at "
            f"every zoom, {errors} errors: {verdict(reached, worst <= 10 and least >= 10)}."
        )
    if row.get("heat"):
        worst = max(times["p99"] for times in row["heat"].values())
        said = ", ".join(f"z{z} p50 {t['p50']:.1f}, p99 {t['p99']:.1f}" for z, t in row["heat"].items())
        out.append(f"Heat tiles, which the others have not: {said} ms. Aim: p99 40 ms: {verdict(worst <= 40, worst <= 40)}.")
    if row.get("duckdb_filter"):
        first, after = row["duckdb_filter"]["first"], row["duckdb_filter"]["after"]
        reached = first["p99"] <= 150 and after["p99"] <= 10
        out.append(
            f"A CQL2 filter on text that no index column holds (`name LIKE '%…%'`), zoom 9: first tile p50 {first['p50']:.1f}, p99 "
            f"{first['p99']:.1f} ms; the tiles after p50 {after['p50']:.1f}, p99 {after['p99']:.1f} ms. Aim 150, then 10: {verdict(reached, reached)}."
        )
    return "\n\n".join(out)


def items(row: dict) -> str:
    lines = []
    for name, server in row["servers"].items():
        single = server["single"]
        cells = [name, f"{single['p50']:.2f} / {single['p95']:.2f} / {single['p99']:.2f}"]
        cells += [f"{rate['per_second']:,.0f} (p99 {rate['p99']:.0f} ms)" for rate in server["rates"]]
        errors = sum(rate["errors"] for rate in server["rates"]) + server["not_200"]
        lines.append([*cells, f"{server['memory_mb']} MB", str(errors)])
    columns = ["server", "one by one, p50 / p95 / p99 ms", "1 conn., /s", "16 conn., /s", "64 conn., /s", "memory", "errors"]
    out = [
        f"## Items by a box and a kind\n\nPages of a hundred GeoJSON features with `numberMatched`, {row['boxes']} boxes around towns. tipg and "
        "pygeoapi, a worker each, on PostGIS. Aim: ten times as many a second, p50 2 ms; least: five times.",
        table(columns, lines),
    ]
    matched = row["matched"]
    if "parvis" in matched:
        for name, counts in matched.items():
            if name != "parvis":
                apart = sum(a != b for a, b in zip(matched["parvis"], counts, strict=False))
                said = "the same as ours" if not apart else f"{apart} of {len(counts)} others than ours"
                out.append(f"`numberMatched` of {name}: {said}.")
        rate = {name: server["rates"][1]["per_second"] for name, server in row["servers"].items()}
        least = min((rate["parvis"] / value for name, value in rate.items() if name != "parvis"), default=0)
        p50 = row["servers"]["parvis"]["single"]["p50"]
        out.append(f"Ours: {least:.1f} times as many as the fastest of them, p50 {p50:.2f} ms: {verdict(least >= 10 and p50 <= 2, least >= 5)}.")
    return "\n\n".join(out)


def export(row: dict) -> str:
    lines = []
    for form, tools in row["formats"].items():
        mine = tools.get("parvis")
        for name, tool in tools.items():
            share = f"{tool['seconds'] / mine['seconds']:.2f}" if mine and name != "parvis" else "-"
            rows = row["rows"][form].get(name)
            lines.append([form, name, f"{tool['seconds']:.2f} s", share, f"{tool['peak_mb']} MB", f"{tool['bytes'] / 1e6:.0f} MB", f"{rows:,}"])
    fastest = []
    for form, tools in row["formats"].items():
        others = [tool["seconds"] for name, tool in tools.items() if name != "parvis"]
        if others and "parvis" in tools:
            share = min(others) / tools["parvis"]["seconds"]
            fastest.append(f"{form} {share:.2f} {verdict(share >= 2, share >= 1)}")
    return "\n\n".join([
        "## A million points to a file\n\nEvery row through a filter that all of them meet; in the last case five rows of six, from everywhere. Ours: `parvis export --filter` with all fields of the "
        "edition; ogr2ogr from a GeoPackage; DuckDB `COPY` from its own file, both cores; Parquet in turns, the median, the others once each. Aim: twice as fast; least: as fast.",
        table(["format", "tool", "time", "its time ÷ ours", "memory", "file", "rows"], lines),
        "The fastest of the others ÷ ours: " + "; ".join(fastest) + ".",
    ])  # fmt: skip


def levels(row: dict) -> str:
    lines = [[name, f"{tool['seconds']:.2f} s", f"{tool['peak_mb']} MB", found_text(row["found"][name])] for name, tool in row["tools"].items()]
    mine = row.get("lookup")
    if mine:
        found = f"municipalities {mine['in_a_municipality']:,}"
        lines.insert(0, ["parvis `POST /lookup`, six levels", f"{mine['seconds']:.2f} s", f"{mine['memory_mb']} MB", found])
    out = [
        "## A million points to their units\n\nOurs answers with the ids and names of all six levels, over HTTP, server on one core; the others join "
        "with the municipalities alone, geopandas with all six levels one after the other too, both cores, once each. Aim by library 0.5 s, `POST /lookup` "
        "300,000 rows a second; least: 1 s.",
        table(["tool", "time", "memory", "points found"], lines),
    ]
    if mine:
        rate = mine["rows"] / mine["seconds"]
        out.append(f"Ours: {rate:,.0f} rows a second: {verdict(rate >= 300_000, mine['seconds'] <= 1)}.")
    else:
        out.append("Ours: this build has no `POST /lookup`.")
    if alone := row.get("library"):
        first, again = alone["first"], alone["again"]
        out.append(
            f"By library (`store/examples/speed.rs`, both cores), a million points to six levels: {first:.2f} s, {again:.2f} s the second time: "
            f"{verdict(first <= 0.5, first <= 1)}."
        )
    return "\n\n".join(out)


def found_text(found: str) -> str:
    import json

    return ", ".join(f"{name} {count:,}" for name, count in json.loads(found).items())


def start(row: dict) -> str:
    lines = [
        [name, f"{s['ms']} ms", ", ".join(map(str, s["all_ms"])), f"{s['memory_mb']:.0f} MB", f"{s['memory_after_mb']:.0f} MB"]
        for name, s in row["servers"].items()
    ]
    out = [
        "## Start and memory\n\nFrom the start of the process to its first whole tile (for ours a filtered one of a million actors, too), one core but where it says both. "
        "Aim for the France demo: 300 ms, 250 MB; least: 1 s, 400 MB. With a million actors: 1 s.",
        table(["server", "first tile", "each", "memory then", "after 300 tiles"], lines),
    ]
    demo, million = row["servers"].get("parvis, France demo"), row["servers"].get("parvis, 1 M actors")
    wide = row["servers"].get("parvis, 1 M actors, both cores")
    if demo and million and wide:
        said = verdict(demo["ms"] <= 300 and demo["memory_mb"] <= 250, demo["ms"] <= 1000 and demo["memory_mb"] <= 400)
        of_million = ", ".join(f"{name} {verdict(s['ms'] <= 1000, s['ms'] <= 1000)}" for name, s in (("both cores", wide), ("one core", million)))
        out.append(f"France demo: {said}. A million actors in 1 s: {of_million}.")
    return "\n\n".join(out)


def counts(row: dict) -> str:
    lines = []
    for name, most in {"facets": 10, "search": 5}.items():
        found = row[name]
        cells = [f"{found[when][p]:.2f}" for when in ("first", "again") for p in ("p50", "p99")]
        reached = found["first"]["p99"] < most
        lines.append([name, *cells, f"{most} ms", verdict(reached, reached), f"`{found['slowest'].split('&edition')[0]}`"])
    return "\n\n".join([
        "## Facets and search over a million actors\n\nThree facets under eight filters; sixteen searches, typing errors among them. Milliseconds "
        "of whole answers, first time and again.",
        table(["what", "first p50", "p99", "again p50", "p99", "below", "", "slowest first"], lines),
    ])  # fmt: skip


def growth(row: dict) -> str:
    tools = row["tools"]
    lines = [[{"0": "none", "100k": "100,000", "1m": "1,000,000"}[name], f"{t['seconds']:.2f} s", f"{t['cpu_seconds']:.1f} s", f"{t['peak_mb']} MB"]
             for name, t in tools.items()]  # fmt: skip
    out = [
        "## Growth: ten times the actors\n\n`parvis ingest` of the boundaries of France, 200,000 occurrences of events and so many actors, run once "
        "each. What an ingest without actors takes is taken off. Ten times the data may take twelve times as long; aim eleven.",
        table(["actors", "time", "processor", "memory"], lines),
    ]
    if set(tools) == {"0", "100k", "1m"}:
        base, small, large = (tools[name]["seconds"] for name in ("0", "100k", "1m"))
        times = (large - base) / max(small - base, 0.01)
        out.append(f"Ten times the actors take {times:.1f} times as long: {verdict(times <= 11, times <= 12)}.")
    return "\n\n".join(out)


def absent(results: dict) -> str:
    lines = [
        f"- {step}, {name}: {error}" for step, row in results.items() if isinstance(row, dict) and "failed" in row
        for name, error in sorted(row["failed"].items())
    ]  # fmt: skip
    return "## The server: not measured\n\n" + "\n".join(lines or ["Nothing is missing."])
