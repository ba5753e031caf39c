"""The room's own decisions: which days a span means, how sets combine, what is wrong with a definition, in which
order segments are built."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from pyroaring import BitMap

from vafa.lab.periods import build_period, find_last_complete_period
from vafa.measure.segments.types import (
    CUSTOM_PREFIX,
    FACT_FIELDS,
    FACTS_WITH_AMOUNT,
    FIELDS,
    FILTERS_OF,
    MEASURES_WITH_SPAN,
    PREDICTED_MEASURES,
    RISK_BANDS,
    Condition,
    Cutting,
    FactCondition,
    FieldCondition,
    Group,
    MeasureCondition,
    Node,
    Path,
    Problem,
    SegmentCondition,
    Span,
    StateCondition,
)

MOST_DAYS = 36_525
MOST_TIMES = 1_000_000
MOST_CONDITIONS = 100
MOST_DEPTH = 5
LIVE_WITHIN = timedelta(days=3)
_FIRST_DAY = 1
# Any longer number is no id that a database could have given.
MOST_ID_DIGITS = 18


def resolve_span(span: Span, as_of: date, cutting: Cutting) -> tuple[int, int]:
    """The days [first, end) (ordinals) that a span means as of a day: never that day itself, nor any after it.

    "This month" is the one that holds the day, as far as it has gone; on its first day nothing of it is known.
    """
    limit = as_of.toordinal()
    first, end = _FIRST_DAY, limit
    if span.kind == "last_days":
        first = limit - (span.days or 0)
    elif span.kind == "before_days":
        end = limit - (span.days or 0)
    elif span.kind == "between":
        first = span.start.toordinal() if span.start else _FIRST_DAY
        end = span.end.toordinal() + 1 if span.end else limit
    elif span.kind in ("this", "previous"):
        first, end = _resolve_period(span, as_of, cutting)
    first, end = max(first, _FIRST_DAY), min(end, limit)
    return first, max(first, end)


def _resolve_period(span: Span, as_of: date, cutting: Cutting) -> tuple[int, int]:
    every = span.every or "month"
    cut = (every, cutting.calendar, cutting.week_start, cutting.first_month)
    period = build_period(as_of, *cut) if span.kind == "this" else find_last_complete_period(as_of, *cut)
    return period.start.toordinal(), period.end.toordinal()


def combine(
    node: Node,
    find: Callable[[Condition, BitMap | None], BitMap],
    everyone: BitMap,
    among: BitMap | None = None,
) -> BitMap:
    """The members of a tree, from the members of its conditions; with `among` at least those of them who are in it.

    Of parts that must all hold the cheapest are asked first, and the others only about whom these have left. The
    result may be shared: don't change it.
    """
    if not isinstance(node, Group):
        return find(node, among)
    if node.mode == "all":
        left = among
        for part in sorted(node.parts, key=estimate_cost):
            found = combine(part, find, everyone, left)
            left = found if left is None else left & found
        return everyone if left is None else left
    sets = [combine(part, find, everyone, among) for part in node.parts]
    united = BitMap.union(*sets) if sets else BitMap()
    return united if node.mode == "any" else everyone - united


def estimate_cost(node: Node) -> int:
    """How dear a part is to evaluate: sets are at hand, fields are read, facts counted, money and gaps gone through."""
    if isinstance(node, Group):
        return max((estimate_cost(part) for part in node.parts), default=0)
    if isinstance(node, FactCondition):
        return 3 if node.filters or node.amount is not None or node.fact != "purchase" else 1
    if isinstance(node, MeasureCondition):
        return 0 if node.measure in ("days_since_last_purchase", *PREDICTED_MEASURES) else 4
    if isinstance(node, FieldCondition):
        return 3 if node.field in FACT_FIELDS else 2
    return 0


def list_conditions(node: Node, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """Every condition of a tree with its path."""
    if isinstance(node, Group):
        for place, part in enumerate(node.parts):
            yield from list_conditions(part, (*path, place))
    else:
        yield path, node


def list_named_segments(node: Node) -> list[str]:
    """The slugs of the segments that a tree names, each once, in order."""
    named = (
        condition.segment
        for _path, condition in list_conditions(node)
        if isinstance(condition, SegmentCondition)
    )
    return list(dict.fromkeys(named))


def find_problems(root: Group, segments: Iterable[str] | None = None) -> tuple[Problem, ...]:
    """What is wrong with a tree, part by part. `segments` are the slugs that may be named (None: any)."""
    known = None if segments is None else frozenset(segments)
    problems: list[Problem] = []
    conditions = 0
    for path, condition in list_conditions(root):
        conditions += 1
        problems += [Problem(path, code) for code in _check_condition(condition, known)]
    problems += _check_groups(root, ())
    if not conditions:
        problems.append(Problem((), "no_condition"))
    if conditions > MOST_CONDITIONS:
        problems.append(Problem((), "too_many_conditions"))
    return tuple(problems)


def _check_groups(node: Node, path: Path) -> list[Problem]:
    if not isinstance(node, Group):
        return []
    problems = []
    if len(path) > MOST_DEPTH:
        problems.append(Problem(path, "too_deep"))
    if path and not node.parts:
        problems.append(Problem(path, "empty_group"))
    for place, part in enumerate(node.parts):
        problems += _check_groups(part, (*path, place))
    return problems


def _check_condition(condition: Condition, segments: frozenset[str] | None) -> list[str]:
    if isinstance(condition, FieldCondition):
        return _check_field(condition)
    if isinstance(condition, StateCondition):
        return _check_state(condition)
    if isinstance(condition, FactCondition):
        return _check_fact(condition)
    if isinstance(condition, MeasureCondition):
        return _check_measure(condition)
    if not condition.segment:
        return ["segment_missing"]
    return [] if segments is None or condition.segment in segments else ["segment_unknown"]


def _check_field(condition: FieldCondition) -> list[str]:
    name = condition.field
    if name not in FIELDS and not (name.startswith(CUSTOM_PREFIX) and name != CUSTOM_PREFIX):
        return ["field_unknown"]
    if condition.op in ("known", "unknown"):
        return []
    if (condition.op in ("within", "not_within")) != (name == "joined_on"):
        return ["op_not_for_field"]
    if name == "joined_on":
        return _check_span(condition.span or Span())
    if condition.op == "contains" and name in ("owner", "birthday_month", "risk_band"):
        return ["op_not_for_field"]
    if not any(value.strip() for value in condition.values):
        return ["value_missing"]
    if name == "birthday_month" and not all(is_month(value) for value in condition.values):
        return ["month_unknown"]
    if name == "risk_band" and not all(value in RISK_BANDS for value in condition.values):
        return ["band_unknown"]
    if name == "owner" and not all(_is_id(value) for value in condition.values):
        return ["owner_unknown"]
    return []


def _is_id(value: str) -> bool:
    return value.isdecimal() and len(value) <= MOST_ID_DIGITS


def is_month(value: str) -> bool:
    """Whether a value of the birthday's month names one: 1 to 12, this, or next."""
    return value in ("this", "next") or (value.isascii() and value.isdigit() and 1 <= int(value) <= 12)


def _check_state(condition: StateCondition) -> list[str]:
    since = condition.since
    if since is None:
        return ["days_missing"] if condition.state in ("new", "won_back") else []
    if condition.state == "never":
        return ["since_not_for_state"]
    return [] if 1 <= since.days <= MOST_DAYS else ["days_out_of_bounds"]


def _check_fact(condition: FactCondition) -> list[str]:
    problems = [] if 0 <= condition.times <= MOST_TIMES else ["times_out_of_bounds"]
    if condition.op == "at_least" and condition.times == 0:
        problems.append("times_say_nothing")
    problems += _check_span(condition.span)
    for one in condition.filters:
        if one.field not in FILTERS_OF[condition.fact]:
            problems.append("filter_not_for_fact")
        elif not one.values:
            problems.append("value_missing")
    if condition.amount is not None:
        if condition.fact not in FACTS_WITH_AMOUNT:
            problems.append("amount_not_for_fact")
        elif condition.amount < 0:
            problems.append("amount_negative")
    return problems


def _check_measure(condition: MeasureCondition) -> list[str]:
    problems = []
    if condition.op not in ("known", "unknown"):
        if condition.value is None or (condition.op == "between" and condition.upper is None):
            problems.append("number_missing")
        elif condition.op == "top" and not 0 < condition.value <= 100:
            problems.append("share_out_of_bounds")
        elif condition.op == "between" and condition.upper is not None and condition.upper < condition.value:
            problems.append("bounds_reversed")
    if condition.measure in MEASURES_WITH_SPAN:
        problems += _check_span(condition.span)
    elif condition.span != Span():
        problems.append("span_not_for_measure")
    return problems


def _check_span(span: Span) -> list[str]:
    if span.kind in ("last_days", "before_days"):
        if span.days is None:
            return ["days_missing"]
        return [] if 1 <= span.days <= MOST_DAYS else ["days_out_of_bounds"]
    if span.kind == "between":
        if span.start is None and span.end is None:
            return ["dates_missing"]
        if span.start is not None and span.end is not None and span.end < span.start:
            return ["dates_reversed"]
    if span.kind in ("this", "previous") and span.every is None:
        return ["period_missing"]
    return []


def find_circle(slug: str, names: Iterable[str], links: Mapping[str, Iterable[str]]) -> list[str] | None:
    """A way from a segment that would name these back to itself, as slugs from it to it; None if there is none."""

    def walk(here: str, way: list[str], seen: set[str]) -> list[str] | None:
        for name in names if here == slug else links.get(here, ()):
            if name == slug:
                return [*way, name]
            if name not in seen:
                seen.add(name)
                if (found := walk(name, [*way, name], seen)) is not None:
                    return found
        return None

    return walk(slug, [slug], {slug})


def order_by_dependency(links: Mapping[str, Iterable[str]]) -> list[str]:
    """The slugs so that each comes after those that it names; those in a circle come last, in the given order."""
    ordered: dict[str, None] = {}
    waiting = dict(links)
    while waiting:
        ready = [slug for slug, names in waiting.items() if not any(name in waiting for name in names)]
        if not ready:
            break
        for slug in ready:
            ordered[slug] = None
            del waiting[slug]
    return [*ordered, *waiting]


def decide_live(
    *, is_first: bool, is_redefined: bool, brought_history: bool, at: datetime, now: datetime
) -> bool:
    """Whether who enters and leaves at this build is news that others may act on.

    A first build, one after the definition or the settings changed, and one after an upload or an undone import
    only catch up with history.
    """
    return now - at <= LIVE_WITHIN and not (is_first or is_redefined or brought_history)


def write_circle(names: Iterable[str]) -> str:
    """A circle as people read it: "A -> B -> A"."""
    return " -> ".join(names)
