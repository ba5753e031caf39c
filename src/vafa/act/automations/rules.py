"""The room's own pure decisions: the order of steps, when one is due, whether somebody may enter, what is unusable."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from vafa.act.automations.types import (
    CODE_WAYS,
    MOST_DEPTH,
    MOST_STEPS,
    WAYS,
    Document,
    Node,
    Problem,
    StepTold,
)

LIVE_FOR = timedelta(days=3)
# How long to wait after the first, the second ... failure of a step; after the last it has failed.
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
FAILED_WORDS = (
    "fail",
    "declin",
    "unpaid",
    "past_due",
    "past due",
    "ناموفق",
    "پرداخت نشده",
    "فاشل",
    "失败",
    "未支付",
)
"""What the status of an order says where its payment did not go through."""
# Somebody whose birthday was moved from December to January has had this year's all the same.
LEAST_BETWEEN_YEARS = timedelta(days=270)
MOST_WAIT_DAYS = 730
# Steps that only lead on to others.
LEADING = ("wait", "wait_until", "branch", "stop")


def list_ways(step: StepTold) -> tuple[str, ...]:
    """The names of a step's ways, in their order."""
    if step.kind == "branch":
        return WAYS.get(step.told.get("by", "segment"), ("yes", "no"))
    return CODE_WAYS if step.kind == "code" else ()


def walk(steps: Sequence[StepTold], depth: int = 0) -> Iterator[tuple[StepTold, int]]:
    """All steps in the order in which they are read, with their depth."""
    for step in steps:
        yield step, depth
        for way in list_ways(step):
            yield from walk(step.ways.get(way, ()), depth + 1)


def flatten(steps: Sequence[StepTold]) -> dict[str, Node]:
    """Every step by its id, with what comes after it: the last of a way goes on after the branch."""
    found: dict[str, Node] = {}
    places = {step.id: place for place, (step, _depth) in enumerate(walk(steps))}

    def add(own: Sequence[StepTold], after: str | None, depth: int) -> None:
        for n, step in enumerate(own):
            following = own[n + 1].id if n + 1 < len(own) else after
            ways = {}
            for way in list_ways(step):
                inner = step.ways.get(way, ())
                ways[way] = inner[0].id if inner else following
                add(inner, following, depth + 1)
            found[step.id] = Node(step.id, step.kind, step.told, following, ways, places[step.id], depth)

    add(steps, None, 0)
    return found


def decide_due(node: Node, now: datetime, zone: str) -> datetime:
    """When a step that is reached now is to be done: at once, but for those that wait."""
    if node.kind == "wait":
        return now + timedelta(days=int(node.told.get("days", 0)), hours=int(node.told.get("hours", 0)))
    if node.kind != "wait_until":
        return now
    local = now.astimezone(ZoneInfo(zone))
    at = read_time(str(node.told.get("time", ""))) or time(0)
    weekdays = [int(one) for one in node.told.get("weekdays", ())]
    fixed = read_day(str(node.told.get("date", "")))
    day = max(local.date(), fixed) if fixed else local.date()
    if fixed is not None and fixed < local.date():
        return now
    for ahead in range(9):
        on = day + timedelta(days=ahead)
        due = datetime.combine(on, at, ZoneInfo(zone))
        if due >= now and (not weekdays or on.weekday() in weekdays):
            return due.astimezone(now.tzinfo)
        if fixed is not None and not weekdays:
            return now
    return now


def read_time(text: str) -> time | None:
    """A time of day such as 09:30; None for anything else."""
    try:
        return time.fromisoformat(text) if len(text) == 5 else None
    except ValueError:
        return None


def read_day(text: str) -> date | None:
    """A day such as 2026-03-21; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_amount(text: str) -> Decimal | None:
    """An amount above zero; None for anything else."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None


def decide_most_drawn(budget: str, cost: str) -> int:
    """How many the budget pays for; none where either is unknown."""
    money, each = read_amount(budget), read_amount(cost)
    return int(money // each) if money is not None and each is not None else 0


def decide_entry(
    again: str,
    key: str,
    keys: set[str],
    *,
    is_running: bool,
    last_entered: datetime | None,
    now: datetime,
    days: int,
) -> str | None:
    """The key under which somebody enters now; None where they don't.

    `keys` are those of all entries before, `days` the least between two entries.
    """  # fmt: skip
    if last_entered is not None and now - last_entered < timedelta(days=days):
        return None
    if again == "once":
        return None if keys else "once"
    if key in keys or (again == "exit" and is_running):
        return None
    return key


def decide_wait(attempts: int) -> timedelta | None:
    """How long to wait after so many failed tries of a step; None where it has failed for good."""
    return RETRIES[attempts - 1] if attempts <= len(RETRIES) else None


def has_failed_payment(status: str) -> bool:
    """Whether an order's status says that its payment did not go through."""
    told = status.casefold()
    return any(word in told for word in FAILED_WORDS)


def draw(ids: Sequence[int], most: int, place: Callable[[int], int]) -> list[int]:
    """So many of these customers, each with the same chance: those whose places come first."""
    return sorted(ids, key=lambda pk: (place(pk), pk))[:most]


def is_for_control(step: StepTold | Node) -> bool:
    """Whether a step is done for the control group too: what only leads on, and what is owed to everybody."""
    return step.kind in LEADING or bool(step.told.get("owed"))


def is_owing(document: Document) -> bool:
    """Whether it does anything that is owed to everybody, so that the control group goes through it too."""
    return any(step.kind not in LEADING and is_for_control(step) for step, _depth in walk(document.steps))


def may_hold_out(document: Document) -> bool:
    """Whether there is anything that a control group could be denied: no service, apology or notice of payment is."""
    held = any(not is_for_control(step) for step, _depth in walk(document.steps))
    return document.purpose != "service" and held


def find_problems(document: Document) -> list[Problem]:
    """What keeps a document from being published, as far as it shows in itself."""
    found = [*_check_when(document)]
    steps = list(walk(document.steps))
    if not steps:
        found.append(Problem("no_steps"))
    if len(steps) > MOST_STEPS:
        found.append(Problem("too_many_steps"))
    if document.holdout and document.purpose == "service":
        found.append(Problem("holdout_of_service"))
    if not 0 <= (document.holdout or 0) <= 0.9:
        found.append(Problem("holdout_out_of_range"))
    for step, depth in steps:
        if depth > MOST_DEPTH:
            found.append(Problem("too_deep", step.id))
        found += [Problem(code, step.id) for code in _check_step(step)]
    return found


def _check_when(document: Document) -> Iterator[Problem]:
    when = document.when
    if when.kind in ("entered_segment", "left_segment", "draw") and not when.segment:
        yield Problem("when_without_segment")
    if when.kind == "silence" and not 1 <= when.days <= 3650:
        yield Problem("when_days")
    if when.kind in ("birthday", "joined", "subscription_end", "occasion") and not -90 <= when.days <= 90:
        yield Problem("when_days")
    if when.kind == "occasion" and not when.occasion:
        yield Problem("when_without_occasion")
    if read_time(when.at) is None:
        yield Problem("when_time")
    if when.kind == "draw" and not decide_most_drawn(when.budget, when.cost):
        yield Problem("when_budget")
    if when.kind == "draw" and not 1 <= when.day <= 28:
        yield Problem("when_day")


def _check_step(step: StepTold) -> Iterator[str]:
    told: Mapping[str, object] = step.told
    if step.kind == "wait":
        days, hours = int(str(told.get("days") or 0)), int(str(told.get("hours") or 0))
        if days < 0 or hours < 0 or not 0 < days * 24 + hours <= MOST_WAIT_DAYS * 24:
            yield "wait_length"
    elif step.kind == "wait_until" and not (told.get("time") or told.get("weekdays") or told.get("date")):
        yield "wait_for_nothing"
    elif step.kind == "message" and not told.get("channels"):
        yield "message_without_channel"
    elif (
        step.kind in ("tag", "task", "field")
        and not str(told.get("title" if step.kind == "task" else "name", "")).strip()
    ):
        yield f"{step.kind}_without_name"
    elif step.kind == "list" and not told.get("segment"):
        yield "list_unknown"
    elif step.kind == "code" and not told.get("pool"):
        yield "code_without_pool"
    elif step.kind == "webhook" and not str(told.get("url", "")).strip():
        yield "webhook_without_url"
    elif step.kind == "branch" and told.get("by", "segment") == "segment" and not told.get("segment"):
        yield "branch_without_segment"
    elif step.kind == "branch" and told.get("by") == "rules" and not told.get("definition"):
        yield "branch_without_rules"
