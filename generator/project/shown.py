"""What a spreadsheet shows of a number, a date or a time, as far as the format of its cell says it simply."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

Signs = Mapping[int, str]
"""What stands in numbers for the signs of English, as `str.translate` takes it."""

_LITERAL = r'(?:"[^"]*"|[\\_].|[ €$])*'
_FIXED = re.compile(
    rf"(?P<before>{_LITERAL})(?P<group>#,##)?#*(?P<whole>0+)(?:\.(?P<places>0+))?"
    rf"(?P<percent>(?:\\?[ \u00a0\u202f])?%)?(?P<after>{_LITERAL})"
)
_DAY = re.compile(r"(?:\[\$[^\]]*\])?((?:(?:dd?|mm?|yy(?:yy)?)(?![a-z])|[-./ ])+)(?:;@)?", re.IGNORECASE)
_OF_THE_SYSTEM = "mm-dd-yy"
"""Stands for the usual format of the computer that shows the date, so it says nothing."""
_EXACT = 10**15
"""From this number on, a spreadsheet does not know every digit."""


def shown(value: object, number_format: str, signs: Signs) -> str:
    """Return the text of a cell with this value and format."""
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case int() | float():
            return _number(value, number_format.partition(";")[0], signs)
        case date():
            return _date(value, number_format)
        case time():
            return value.isoformat("seconds" if value.second else "minutes")
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
        case _:
            return str(value)


def _number(value: float, number_format: str, signs: Signs) -> str:
    """Return a number with the places and the percent sign of its format, or else in its shortest form."""
    fixed = _FIXED.fullmatch(number_format) if abs(value) < _EXACT else None
    if not fixed:
        number = Decimal(int(value) if value == value // 1 else f"{value:.10g}")
        return f"{number:f}".translate(signs)
    places = fixed["places"] or ""
    number = Decimal(repr(value)) * (100 if fixed["percent"] else 1)
    number = number.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP)
    width = len(fixed["whole"]) + (len(places) + 1 if places else 0)
    text = f"{number:{',' if fixed['group'] else f'0{width}'}f}".translate(signs)
    return f"{_literal(fixed['before'])}{text}{_literal(fixed['percent'] or '')}{_literal(fixed['after'])}"


def _literal(text: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)|_.', r"\1\2", text)


def _date(value: date, number_format: str) -> str:
    """Return a date in a format of days, months and years in numbers, or else as `2026-01-02`, with its time if any."""
    plain = _DAY.fullmatch(number_format.replace("\\", "").replace('"', ""))
    if plain and number_format != _OF_THE_SYSTEM:
        return re.sub(r"[a-z]+", lambda part: _part(value, part[0].casefold()), plain[1], flags=re.IGNORECASE)
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(" ", "minutes")
    return value.strftime("%Y-%m-%d")


def _part(value: date, part: str) -> str:
    """Return the part of a date that letters of a format stand for."""
    if part[0] == "y":
        return f"{value.year:04}"[-len(part) :]
    return f"{value.day if part[0] == 'd' else value.month:0{len(part)}}"
