"""Row 3: boundary tiles that lie in an archive, one core for the server, another for the client."""

import load
import mapbox_vector_tile
import peers
import tilelist
from measure import say
from prepare import WORK
from processes import NotStarted

CONNECTIONS = (1, 16, 64)
TILES = 400


def measure(runs: int) -> dict:
    """Rates of each server over one list of tiles that are there; bodies are compared once."""
    tiles = [t for t in tilelist.around(list(range(13)), TILES * 2) if (WORK / f"tiles/{t[0]}/{t[1]}/{t[2]}.mvt.gz").exists()]
    tiles = tiles[:TILES]
    seconds = 5 if runs > 1 else 2
    starters = {
        "parvis": (peers.parvis, "/tiles/boundaries/{0}/{1}/{2}"),
        "martin": (peers.martin_archive, "/boundaries/{0}/{1}/{2}"),
        "nginx": (peers.nginx, "/{0}/{1}/{2}.mvt"),
    }
    row: dict = {"tiles": len(tiles), "servers": {}, "failed": {}}
    features: dict[str, int] = {}
    for name, (starter, pattern) in starters.items():
        paths = [pattern.format(*t) for t in tiles]
        try:
            with starter() as server:
                first = load.ask(server, list(dict.fromkeys(paths)))
                features[name] = sum(count(a.plain()) for a in first)
                ratings = [load.rates(server, paths, c, seconds, WORK / "paths") for c in CONNECTIONS]
                row["servers"][name] = {"rates": ratings, "memory_mb": server.memory_mb(), "not_200": sum(a.status != 200 for a in first)}
                say(f"  {name}: " + ", ".join(f"{r['per_second']:.0f}/s" for r in ratings))
        except NotStarted as error:
            row["failed"][name] = str(error)
    row["features"] = features
    return row


def count(body: bytes) -> int:
    """Features of all layers of a tile."""
    return sum(len(layer["features"]) for layer in mapbox_vector_tile.decode(body).values())
