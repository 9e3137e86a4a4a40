"""Times in words, never more precise than they were given."""

import re
from typing import Final

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DATE: Final = re.compile(r"(-?\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([?~%])?")
_DURATION: Final = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
_QUALIFIERS: Final = {"?": " (uncertain)", "~": " (approximately)", "%": " (roughly, uncertain)"}
_UNITS: Final = ("year", "month", "week", "day")


def time_in_words(edtf: str) -> str | None:
    """Return an EDTF date or interval in words, or ``None`` if it is neither.

    The forms are those that reports use: year, month, day, with ``?``, ``~`` or ``%``, and
    intervals whose ends may be open (``..``) or unknown (nothing).
    """
    start, slash, end = edtf.partition("/")
    if not slash:
        return _date(start)
    first, last = _end(start), _end(end)
    if first is None or last is None:
        return None
    if not first:
        return f"until {last}" if last else None
    return f"{first} to {last}" if last else f"from {first}"


def duration_in_words(duration: str) -> str | None:
    """Return an ``xsd:duration`` of whole days or more in words, or ``None`` for another one."""
    match = _DURATION.fullmatch(duration)
    if not match or not any(match.groups()):
        return None
    parts = [
        f"{int(number)} {unit}{'' if int(number) == 1 else 's'}"
        for number, unit in zip(match.groups(), _UNITS, strict=True)
        if number
    ]
    return " ".join(parts)


def _end(text: str) -> str | None:
    return "" if text in ("", "..") else _date(text)


def _date(text: str) -> str | None:
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day, qualifier = match.groups()
    words = year
    if month:
        if not 1 <= int(month) <= 12:
            return None
        words = f"{MONTHS[int(month) - 1]} {year}"
    if day:
        if not 1 <= int(day) <= 31:
            return None
        words = f"{int(day)} {words}"
    return words + _QUALIFIERS.get(qualifier or "", "")
