"""The door to dates: which order a column is in, and the parser of it."""

from .moments import DateOrder, DateParser, DateValue, build_date_parser, to_gregorian
from .verdicts import DateVerdict, decide_dates

__all__ = [
    "DateOrder",
    "DateParser",
    "DateValue",
    "DateVerdict",
    "build_date_parser",
    "decide_dates",
    "to_gregorian",
]
