"""The inputs of an automation's form: what each trigger and step asks, as values to draw and to read back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from vafa.act.automations.queries import list_pools, list_texts
from vafa.act.automations.types import BANDS, BYS, DAILY_KINDS, StepTold, When
from vafa.act.followups.queries import list_assignable
from vafa.data.business.queries import Business
from vafa.data.customers.queries import list_definitions
from vafa.front.automations.words import CHANNELS, name_by, name_channel, name_way
from vafa.front.date_field import parse_day, write_day
from vafa.front.followups.words import list_priority_choices
from vafa.kit.home import get_home
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import Style
from vafa.kit.locale.occasions import load_occasions
from vafa.measure.segments.queries import list_segments

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Input:
    """One input: its name in the document, label, how it is asked ("text", "number", "time", "select", "checks",
    "long", "check", "date", "address"), its value and options. `reshapes`: other inputs follow from it."""

    name: str
    label: str
    kind: str
    value: Any = ""
    options: Options = ()
    help: str = ""
    reshapes: bool = False
    id: str = ""
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Asking:
    """What the inputs are made of, asked once a page."""

    business: Business
    style: Style
    segments: Options = ()
    lists: Options = ()
    pools: Options = ()
    staff: Options = ()
    customs: Options = ()
    texts: Sequence[Any] = ()
    occasions: Options = ()
    weekdays: Options = field(default_factory=tuple)


def open_asking(business: Business, style: Style, today: date) -> Asking:
    """What can be chosen now."""
    saved = list_segments()
    calendar = load_occasions(business.country, get_home() / "occasions")
    coming = calendar.list_between(today, date(today.year + 2, today.month, 1))
    occasions = {one.occasion.key: one.get_name(style.language) for one in coming if not one.occasion.solemn}
    return Asking(
        business=business,
        style=style,
        segments=[(one.slug, one.name) for one in saved],
        lists=[(one.slug, one.name) for one in saved if one.kind == "list"],
        pools=[(str(pool.pk), pool.name) for pool in list_pools()],
        staff=[("", _("Nobody yet")), *((str(one.pk), str(one)) for one in list_assignable())],
        customs=[(one.name, one.name) for one in list_definitions()],
        texts=list_texts(),
        occasions=sorted(occasions.items(), key=lambda pair: pair[1]),
        weekdays=_list_weekdays(),
    )


def _list_weekdays() -> Options:
    names = (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
    return [(str(n), name) for n, name in enumerate(names)]


def list_when_inputs(when: When, asking: Asking) -> list[Input]:
    """What is asked of a trigger."""
    found: list[Input] = []
    if when.kind in ("entered_segment", "left_segment", "draw"):
        found.append(Input("segment", _("Segment"), "select", when.segment, _with_none(asking.segments)))
    if when.kind in ("risk_rose", "risk_fell"):
        bands = [("", _("Any band")), *((band, name_way(band)) for band in BANDS)]
        found.append(Input("band", _("To which band"), "select", when.band, bands))
    if when.kind in ("birthday", "joined", "subscription_end", "occasion"):
        text = _("0 is the day itself, −14 two weeks before it, 7 a week after it.")
        found.append(Input("days", _("Days from the day"), "number", when.days, help=text))
    if when.kind == "silence":
        found.append(Input("days", _("Days without an order"), "number", when.days or 30))
    if when.kind == "occasion":
        found.append(Input("occasion", _("Feast"), "select", when.occasion, _with_none(asking.occasions)))
    if when.kind == "interaction":
        found.append(
            Input(
                "kind_of",
                _("Of which kind"),
                "text",
                when.kind_of,
                help=_("Such as call or complaint; empty: any."),
            )
        )
    if when.kind == "draw":
        found += [
            Input("day", _("On which day of the month"), "number", when.day),
            Input("budget", _("Budget of a month"), "number", when.budget),
            Input("cost", _("What one gift costs"), "number", when.cost),
            Input("rest", _("Nobody again within so many days"), "number", when.rest),
        ]
    if when.kind in DAILY_KINDS:
        found.append(Input("at", _("At what time"), "time", when.at))
    return found


def _with_none(options: Options) -> Options:
    return [("", _("Choose")), *options]


def list_step_inputs(step: StepTold, asking: Asking) -> list[Input]:
    """What is asked of a step."""
    made = _INPUTS.get(step.kind)
    return [] if made is None else made(step.told, asking)


def _ask_wait(told: Mapping[str, Any], _asking: Asking) -> list[Input]:
    return [
        Input("days", _("Days"), "number", told.get("days", 0)),
        Input("hours", _("Hours"), "number", told.get("hours", 0)),
    ]


def _ask_wait_until(told: Mapping[str, Any], asking: Asking) -> list[Input]:
    chosen = frozenset(str(one) for one in told.get("weekdays", ()))
    return [
        Input("time", _("Time of day"), "time", told.get("time", "")),
        Input("weekdays", _("Only on these weekdays"), "checks", "", asking.weekdays, chosen=chosen),
        Input("date", _("Not before this day"), "date", told.get("date", "")),
    ]


def _ask_message(told: Mapping[str, Any], asking: Asking) -> list[Input]:
    channel = str(next(iter(told.get("channels", ())), "email"))
    texts = [(one.key, one.name) for one in asking.texts if one.channel == channel]
    value = f"template:{told['template']}" if told.get("template") else f"text:{told.get('text', '')}"
    channels = [(one, name_channel(one)) for one in CHANNELS if one != "phone"]
    text = _(
        "Ready texts exist in four languages; each customer gets their own. Your own texts are written under Templates."
    )
    return [
        Input("channel", _("Channel"), "select", channel, channels, reshapes=True),
        Input("text", _("Text"), "select", value, _with_none(texts), help=text),
        Input(
            "festive", _("A festive message: never on days of mourning"), "check", bool(told.get("festive"))
        ),
        _ask_owed(told),
    ]


def _ask_task(told: Mapping[str, Any], asking: Asking) -> list[Input]:
    who = _("Who does it where nobody looks after the customer")
    priority, assignee = str(told.get("priority", 2)), str(told.get("assignee") or "")
    return [
        Input("title", _("What is to be done"), "text", told.get("title", "")),
        Input("days", _("Due within so many days"), "number", told.get("days", 0)),
        Input("priority", _("Priority"), "select", priority, list_priority_choices()),
        Input("assignee", who, "select", assignee, asking.staff),
        Input("notes", _("Notes"), "long", told.get("notes", "")),
        _ask_owed(told),
    ]


def _ask_owed(told: Mapping[str, Any]) -> Input:
    text = _("Owed to everybody, such as an apology or a notice of payment: also to the control group")
    return Input("owed", text, "check", bool(told.get("owed")))


def _ask_tag(told: Mapping[str, Any], _asking: Asking) -> list[Input]:
    choices = [("add", _("Put it on")), ("remove", _("Take it off"))]
    return [
        Input("name", _("Tag"), "text", told.get("name", "")),
        Input("do", _("What is done"), "select", told.get("do", "add"), choices),
    ]


def _ask_field(told: Mapping[str, Any], asking: Asking) -> list[Input]:
    return [
        Input("name", _("Field"), "select", told.get("name", ""), _with_none(asking.customs)),
        Input("value", _("Value"), "text", told.get("value", "")),
    ]


def _ask_list(told: Mapping[str, Any], asking: Asking) -> list[Input]:
    choices = [("add", _("Put the customer on it")), ("remove", _("Take the customer off it"))]
    return [
        Input("segment", _("List"), "select", told.get("segment", ""), _with_none(asking.lists)),
        Input("do", _("What is done"), "select", told.get("do", "add"), choices),
    ]


def _ask_code(told: Mapping[str, Any], asking: Asking) -> list[Input]:
    text = _("Each customer gets one of their own; a message after it writes it where {{ code }} stands.")
    return [
        Input("pool", _("Codes"), "select", str(told.get("pool") or ""), _with_none(asking.pools), help=text)
    ]


def _ask_webhook(told: Mapping[str, Any], _asking: Asking) -> list[Input]:
    return [Input("url", _("Address"), "address", told.get("url", ""))]


def _ask_branch(told: Mapping[str, Any], asking: Asking) -> list[Input]:
    by = str(told.get("by", "segment"))
    found = [Input("by", _("Question"), "select", by, [(one, name_by(one)) for one in BYS], reshapes=True)]
    if by == "segment":
        found.append(
            Input("segment", _("Segment"), "select", told.get("segment", ""), _with_none(asking.segments))
        )
    if by == "rules":
        found.append(Input("definition", _("Conditions"), "rules", ""))
    if by == "reachable":
        channels = [(one, name_channel(one)) for one in CHANNELS]
        found.append(Input("channel", _("Channel"), "select", told.get("channel", "email"), channels))
    return found


_INPUTS: dict[str, Callable[[Mapping[str, Any], Asking], list[Input]]] = {
    "wait": _ask_wait,
    "wait_until": _ask_wait_until,
    "message": _ask_message,
    "task": _ask_task,
    "tag": _ask_tag,
    "field": _ask_field,
    "list": _ask_list,
    "code": _ask_code,
    "webhook": _ask_webhook,
    "branch": _ask_branch,
}


def read_inputs(inputs: Iterable[Input], prefix: str, said: QueryDict, asking: Asking) -> dict[str, Any]:
    """What was said of these inputs. What can't be read is kept as it was written, for publishing to complain of."""
    told: dict[str, Any] = {}
    for one in inputs:
        name = f"{prefix}-{one.name}"
        if one.kind == "rules":
            continue
        if one.kind == "check":
            told[one.name] = bool(said.get(name))
        elif one.kind == "checks":
            told[one.name] = [int(value) for value in said.getlist(name) if value.isdecimal()]
        elif name in said:
            told[one.name] = _read_value(one, said.get(name, "").strip()[:2000], asking)
    return told


def _read_value(one: Input, text: str, asking: Asking) -> Any:
    if one.kind in ("number", "time"):
        plain = to_latin_digits(text).replace("−", "-").replace("٬", "").replace(",", "")
        return read_number(plain) if one.kind == "number" and isinstance(one.value, int) else plain
    if one.kind == "date":
        try:
            return parse_day(text, asking.style.calendar).isoformat() if text else ""
        except ValidationError:
            return ""
    if one.kind == "select" and one.options and text not in {value for value, _title in one.options}:
        return one.value
    return text


def read_number(text: str) -> int:
    """A whole number; what is none is 0."""
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("-+")
    return sign * int(digits[:9]) if digits.isascii() and digits.isdigit() else 0


def write_date(text: str, asking: Asking) -> str:
    """A day of a document as its field writes it."""
    return write_day(date.fromisoformat(text), asking.style.calendar) if text else ""
