"""benches/RESULTS.md: the parts that are measured apart stand one after the other, and each is replaced alone."""

from pathlib import Path

REPORT = Path("benches/RESULTS.md")
PARTS = ("boundaries", "server")


def write(part: str, text: str) -> None:
    """Replaces one part and leaves the others as they are."""
    parts = read() | {part: text.strip()}
    REPORT.write_text("\n\n".join(mark(name) + parts[name] for name in PARTS if name in parts) + "\n", encoding="utf-8")


def read() -> dict[str, str]:
    """The parts that are there; what stands before any mark is the first of them."""
    parts, name = {}, PARTS[0]
    for line in REPORT.read_text(encoding="utf-8").splitlines() if REPORT.exists() else []:
        marked = next((p for p in PARTS if mark(p) and line == mark(p).strip()), None)
        if marked:
            name = marked
        else:
            parts[name] = parts.get(name, "") + line + "\n"
    return {name: text.strip() for name, text in parts.items()}


def mark(part: str) -> str:
    """The line that begins a part; the first has none."""
    return "" if part == PARTS[0] else f"<!-- part: {part} -->\n"
