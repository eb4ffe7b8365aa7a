"""Small pieces of the report: tables, ratios, verdicts."""


def table(columns: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; all columns but the first are numbers."""
    lines = ["| " + " | ".join(columns) + " |", "| --- |" + " ---: |" * (len(columns) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def ratio(mine: dict, theirs: dict, key: str, worse: str) -> str:
    """Ours as a share of theirs, and a plain word when it is more; `-` where one was not measured."""
    if mine is theirs or key not in mine or key not in theirs:
        return "-"
    share = mine[key] / theirs[key]
    return f"{share:.2f}" if share <= 1 else f"**{share:.2f}: {worse}**"


def verdict(share: float, aim: float, least: float) -> str:
    """Whether a figure of DESIGN 12 is reached."""
    return "aim reached" if share <= aim else "least reached" if share <= least else "**missed**"


def seconds(tool: dict) -> str:
    return f"{tool['seconds']:.2f} s" if "seconds" in tool else "-"


def memory(tool: dict) -> str:
    return f"{tool['peak_mb']} MB" if "peak_mb" in tool else "-"


def phases(ingest: dict) -> str:
    """A whole ingest and its phases, where the command of a row is missing."""
    told = "; ".join(f"{name} {took:.1f} s" for name, took in ingest["phases"].items() if took >= 0.05)
    return f"not available in this build; a whole ingest, run once instead, took {ingest['seconds']:.1f} s: {told}."
