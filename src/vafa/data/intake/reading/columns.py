"""Which column is which field: told by names first, by contents where names don't tell. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .cards import is_card_column
from .dateparts import MONTHS, fold_date
from .emails import parse_email
from .months import parse_month
from .names.build import System
from .names.known import BY_KIND, bare_key_of, key_of
from .names.orders import WHOLE_ORDER
from .names.systems import SYSTEMS
from .problems import ValueProblem
from .questions import guess_question
from .scores import share_of_scores
from .spans import parse_span
from .values import parse_quantity
from .verdicts import decide_dates

ImportKind = Literal[
    "customers", "orders", "returns", "subscriptions", "interactions", "surveys", "tickets", "spend", "prices"
]

FIELDS: dict[ImportKind, tuple[str, ...]] = {
    "customers": (
        "customer", "name", "given_name", "family_name", "title", "email", "phone", "birthday", "location", "joined_at",
        "consent_email", "consent_sms", "company", "gender", "city", "country", "tags",
    ),
    "orders": (
        "order", "customer", "at", "product", "product_name", "sku", "product_line", "location", "quantity", "price",
        "amount", "currency", "discount", "tax", "shipping", "status", "name", "given_name", "family_name", "email",
        "phone", "customer_location",
    ),
    "returns": (
        "return", "order", "customer", "at", "product", "product_name", "sku", "quantity", "amount", "currency",
        "reason", "name", "email", "phone", "location",
    ),
    "subscriptions": (
        "subscription", "customer", "plan", "amount", "currency", "interval", "started_at", "ended_at", "cancel_reason",
        "frozen_from", "frozen_until", "sessions", "sessions_used", "sessions_left", "last_visit", "status", "name",
        "given_name", "family_name", "email", "phone",
    ),
    "interactions": (
        "interaction", "customer", "kind", "at", "text", "staff", "subject", "outcome", "duration", "name",
        "given_name", "family_name", "email", "phone",
    ),
    "surveys": (
        "answer", "customer", "survey", "question", "score", "scale", "channel", "comment", "invited_at",
        "answered_at", "name", "given_name", "family_name", "email", "phone",
    ),
    "tickets": (
        "ticket", "customer", "subject", "category", "channel", "priority", "status", "agent", "opened_at",
        "first_response_at", "first_response_after", "solved_at", "solved_after", "closed_at", "reopened",
        "satisfaction", "name", "given_name", "family_name", "email", "phone",
    ),
    "spend": ("spend_id", "month", "year", "started_at", "ended_at", "at", "amount", "currency", "channel", "location"),
    "prices": ("month", "year", "index"),
}  # fmt: skip

BY_SYSTEM, BY_NAME, BY_LATER_NAME, BY_CONTENT = 1.0, 0.95, 0.85, 0.6

_DATES = frozenset(
    [
        "at", "birthday", "joined_at", "started_at", "ended_at", "frozen_from", "frozen_until", "last_visit",
        "invited_at", "answered_at", "opened_at", "first_response_at", "solved_at", "closed_at",
    ]
)  # fmt: skip
# The date that a row of its kind tells of, where its name does not say so.
_ONLY_DATE = {"surveys": "answered_at", "tickets": "opened_at"}
_SPANS = frozenset(["first_response_after", "solved_after"])
_COUNTS = frozenset(["sessions", "sessions_used", "sessions_left"])
_NUMBERS = (
    frozenset(["quantity", "price", "amount", "discount", "tax", "shipping", "index", WHOLE_ORDER]) | _COUNTS
)
_IDS = frozenset(["customer", "order", "subscription", "interaction", "return", "answer", "ticket"])
# A row of its own kind has an id of its own: three distinct values on five hundred rows are a type, no id.
_ROW_IDS = frozenset(["subscription", "interaction", "return", "answer", "ticket"])
_PART_OR_WHOLE = frozenset(map(key_of, ("name", "نام", "الاسم", "اسم", "名")))
_FLAGS = frozenset(
    ["true", "false", "yes", "no", "y", "n", "t", "f", "0", "1", "بله", "خیر", "نعم", "لا", "是", "否"]
)
# Only the calendar's shape matters here, so any fixed day will do; the pipeline asks again with the real one.
_ANY_DAY = date(2030, 1, 1)


@dataclass(frozen=True)
class Guess:
    """`mapping`: field -> column; `sure`: how sure, 0..1, of each; `unknown`: columns mapped to nothing;
    `card_columns`: columns of card numbers, never to be stored; `source_system`: whose export it is, if known."""

    mapping: dict[str, str]
    sure: dict[str, float]
    unknown: list[str]
    card_columns: list[str]
    source_system: str | None = None


@dataclass
class _Work:
    kind: ImportKind
    columns: Sequence[str]
    sample: dict[str, list[str]]
    mapping: dict[str, str] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict)

    def take(self, name: str, column: str, sure: float) -> None:
        self.mapping[name] = column
        self.sure[name] = sure

    def drop(self, name: str) -> None:
        self.mapping.pop(name, None)
        self.sure.pop(name, None)

    def free(self) -> list[str]:
        used = set(self.mapping.values())
        return [column for column in self.columns if column not in used]


def guess_columns(kind: ImportKind, columns: Sequence[str], sample: Sequence[Sequence[str]]) -> Guess:
    """The guess for a file's columns; `sample` holds one list of texts per column (as `Table.sample()` gives)."""
    texts = {column: [cell for cell in cells if cell] for column, cells in zip(columns, sample, strict=True)}
    cards = [column for column in columns if is_card_column(texts[column])]
    work = _Work(kind, [column for column in columns if column not in cards], texts)
    system = _find_system(kind, columns)
    if system is not None:
        _map_by_names(work, system.fields, BY_SYSTEM, BY_SYSTEM)
    if system is None or not system.closed:
        _map_by_names(work, BY_KIND[kind], BY_NAME, BY_LATER_NAME)
        _map_by_names(work, BY_KIND[kind], BY_LATER_NAME, BY_LATER_NAME, bare_key_of)
        _map_by_contents(work)
    _settle_names(work)
    _settle_products(work)
    _settle_amounts(work)
    mapping = {name: work.mapping[name] for name in FIELDS[kind] if name in work.mapping}
    sure = {name: work.sure[name] for name in mapping}
    used = set(mapping.values()) | set(cards)
    return Guess(mapping, sure, [c for c in columns if c not in used], cards, system.name if system else None)


def _find_system(kind: ImportKind, columns: Sequence[str]) -> System | None:
    keys = set(map(key_of, columns))
    for system in SYSTEMS:
        if system.kind == kind and all(key_of(sign) in keys for sign in system.signs):
            return system
    return None


def _map_by_names(
    work: _Work,
    names: dict[str, tuple[str, ...]],
    first: float,
    later: float,
    key: Callable[[str], str] = key_of,
) -> None:
    """Give each field its best column. Names are tried by rank across all fields, so that a name that is one field's
    surest is not taken by another's tenth choice; a column without values gives way to one with values."""
    by_key: dict[str, list[str]] = {}
    for column in work.columns:
        by_key.setdefault(key(column), []).append(column)
    offers: list[tuple[bool, int, str, str]] = []
    for name, candidates in names.items():
        for rank, candidate in enumerate(dict.fromkeys(map(key_of, candidates))):
            fitting = [column for column in by_key.get(candidate, ()) if _fits(name, work.sample[column])]
            offers.extend((not work.sample[column], rank, name, column) for column in fitting)
    offers.sort(key=lambda offer: offer[:2])
    taken = set(work.mapping.values())
    for _, rank, name, column in offers:
        if name not in work.mapping and column not in taken:
            taken.add(column)
            work.take(name, column, first if rank < 12 else later)


def _fits(name: str, texts: list[str]) -> bool:
    """Whether the contents allow what the name says; a column without values contradicts nothing."""
    if not texts:
        return True
    if name in _DATES:
        return decide_dates(texts, _ANY_DAY).is_date_column or _share(texts, _is_date_like) >= 0.5
    if name == "month":
        return _share(texts, _is_month_like) >= 0.5
    if name in _NUMBERS:
        return _share(texts, _is_number) >= 0.5
    if name == "email":
        return _share(texts, _is_email) >= 0.3
    if name in _ROW_IDS and len(texts) >= 50 and len(set(texts)) <= len(texts) * 0.02:
        return False
    if name in _IDS:
        # The first orders of a small file may well be called 0 and 1.
        few = 20 if {"0", "1"} & set(texts) else 3
        return len(texts) < few or not {text.casefold() for text in texts} <= _FLAGS or len(set(texts)) > 2
    if name == "phone":
        return _share(texts, _has_digits) >= 0.5
    if name == "score":
        return share_of_scores(texts[:500]) >= 0.5
    if name in _SPANS:
        return _share(texts, _is_span) >= 0.5
    return True


def _map_by_contents(work: _Work) -> None:
    """E-mail and dates are known by sight; a count named in words (`number of ...`) is a quantity."""
    fields = FIELDS[work.kind]
    if "email" in fields and "email" not in work.mapping:
        emails = [column for column in work.free() if _share(work.sample[column], _is_email) >= 0.8]
        if emails:
            work.take("email", emails[0], BY_CONTENT)
    when = _ONLY_DATE.get(work.kind, "at")
    if when in fields and when not in work.mapping and not (_DATES & set(work.mapping) - {"birthday"}):
        dates = [
            column for column in work.free() if decide_dates(work.sample[column], _ANY_DAY).is_date_column
        ]
        if len(dates) == 1:
            work.take(when, dates[0], BY_CONTENT)
    if work.kind == "prices":
        _map_prices(work)
    if "score" in fields and "score" not in work.mapping:
        _map_question(work)
    if "quantity" in fields and "quantity" not in work.mapping:
        for column in work.free():
            if key_of(column).startswith(("numberof", "countof", "noof", "تعداد", "عدد")) and _fits(
                "quantity", work.sample[column]
            ):
                work.take("quantity", column, BY_CONTENT)
                break


def _map_prices(work: _Work) -> None:
    """A table of months and numbers, as it is often published without a header."""
    months = [column for column in work.free() if _share(work.sample[column], _is_month) >= 0.8]
    if "month" not in work.mapping and len(months) == 1:
        work.take("month", months[0], BY_CONTENT)
    numbers = [column for column in work.free() if _share(work.sample[column], _is_number) >= 0.8]
    if "index" not in work.mapping and len(numbers) == 1:
        work.take("index", numbers[0], BY_CONTENT)


def _is_month_like(text: str) -> bool:
    """Whether it names a month of a year, or only a month beside a column of years."""
    folded = fold_date(text)
    if folded in MONTHS or (folded.isdigit() and 1 <= int(folded) <= 12):
        return True
    return _is_month(text)


def _is_month(text: str) -> bool:
    return _reads(lambda written: parse_month(written, "jalali"), text)


def _map_question(work: _Work) -> None:
    """A column that is headed by its question in full, as forms export them, holds the scores."""
    for column in work.free():
        texts = work.sample[column]
        if guess_question(column) is not None and texts and share_of_scores(texts[:500]) >= 0.8:
            work.take("score", column, BY_CONTENT)
            return


def _settle_names(work: _Work) -> None:
    """A bare `name` beside a family name is the given name."""
    name = work.mapping.get("name")
    if name is None or "family_name" not in work.mapping or "given_name" in work.mapping:
        return
    if key_of(name) in _PART_OR_WHOLE and "given_name" in FIELDS[work.kind]:
        work.take("given_name", name, work.sure["name"])
        work.drop("name")


def _settle_products(work: _Work) -> None:
    """A code names the product where there is one on every line, and the words beside it are its name."""
    mapping = work.mapping
    if "product_name" not in mapping and "sku" not in mapping:
        return
    words = mapping.get("product_name") or mapping.get("product")
    code = mapping.get("sku")
    if "product" in mapping and "product_name" in mapping:
        return
    if code is not None and (words is None or len(work.sample[code]) >= len(work.sample[words]) > 0):
        sure = work.sure["sku"]
        work.drop("sku")
        if words is not None:
            name_sure = work.sure.get("product_name", work.sure.get("product", BY_NAME))
            work.take("product_name", words, name_sure)
        work.take("product", code, sure)
    elif "product" not in mapping and words is not None:
        sure = work.sure["product_name"]
        work.drop("product_name")
        work.take("product", words, sure)


def _settle_amounts(work: _Work) -> None:
    """The whole order's amount stands in for the line's only where no line has a price: on lines it repeats."""
    whole = work.mapping.get(WHOLE_ORDER)
    if whole is not None and "price" not in work.mapping and "amount" not in work.mapping:
        sure = work.sure[WHOLE_ORDER]
        work.drop(WHOLE_ORDER)
        work.take("amount", whole, sure)


def _share(texts: Sequence[str], test: Callable[[str], bool]) -> float:
    texts = texts[:500]
    return sum(map(test, texts)) / len(texts) if texts else 0.0


def _is_email(text: str) -> bool:
    return _reads(parse_email, text)


def _is_number(text: str) -> bool:
    return _reads(parse_quantity, text)


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueProblem:
        return False
    return True


def _is_span(text: str) -> bool:
    return _reads(lambda span: parse_span(span, "minute"), text)


def _is_date_like(text: str) -> bool:
    return decide_dates([text], _ANY_DAY).is_date_column


def _has_digits(text: str) -> bool:
    return sum(char.isdigit() for char in text) >= 5


def list_fields(kind: ImportKind) -> Iterable[str]:
    """The canonical fields of a kind of import, in their order."""
    return FIELDS[kind]
