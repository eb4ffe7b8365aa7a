"""Just enough of RFC 5545 to write a calendar: escaping, folding, time zones."""

from __future__ import annotations

from datetime import date, datetime

FIXED_ZONES = {
    "Indian/Reunion": ("+0400", "+04"),
    "Indian/Mayotte": ("+0300", "EAT"),
    "America/Martinique": ("-0400", "AST"),
    "America/Guadeloupe": ("-0400", "AST"),
    "America/Cayenne": ("-0300", "-03"),
}
PARIS = (
    "BEGIN:VTIMEZONE", "TZID:Europe/Paris",
    "BEGIN:DAYLIGHT", "DTSTART:19960331T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST", "END:DAYLIGHT",
    "BEGIN:STANDARD", "DTSTART:19961027T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:CET", "END:STANDARD",
    "END:VTIMEZONE",
)


def time_zone(tzid: str) -> tuple[str, ...]:
    """The VTIMEZONE of one of the six zones of the demo."""
    if tzid == "Europe/Paris":
        return PARIS
    offset, name = FIXED_ZONES[tzid]
    return ("BEGIN:VTIMEZONE", f"TZID:{tzid}", "BEGIN:STANDARD", "DTSTART:19700101T000000", f"TZOFFSETFROM:{offset}",
            f"TZOFFSETTO:{offset}", f"TZNAME:{name}", "END:STANDARD", "END:VTIMEZONE")


def text(value: str) -> str:
    """Escape a TEXT value."""
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def moment(name: str, value: date | datetime, tzid: str | None) -> str:
    """A date, a UTC date-time (`tzid` "UTC") or a local date-time with its TZID."""
    if not isinstance(value, datetime):
        return f"{name};VALUE=DATE:{value:%Y%m%d}"
    if tzid == "UTC":
        return f"{name}:{value:%Y%m%dT%H%M%S}Z"
    return f"{name};TZID={tzid}:{value:%Y%m%dT%H%M%S}"


def fold(line: str) -> str:
    """Cut a content line into pieces of at most 75 octets, never inside a character."""
    pieces, piece, room = [], "", 75
    for character in line:
        size = len(character.encode("utf-8"))
        if size > room:
            pieces.append(piece)
            piece, room = "", 74
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece])


def calendar(product: str, name: str, zones: list[str], components: list[list[str]]) -> bytes:
    """A whole VCALENDAR with its time zones and the given components."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{product}", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{text(name)}"]
    for zone in zones:
        lines.extend(time_zone(zone))
    for component in components:
        lines.extend(component)
    lines.append("END:VCALENDAR")
    return "".join(fold(line) + "\r\n" for line in lines).encode("utf-8")
