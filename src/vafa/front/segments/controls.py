"""The inputs of a condition, ready to print: which there are depends on what it is about."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.staff.queries import list_staff
from vafa.front.segments.draft import DraftCondition, DraftGroup, write_path
from vafa.front.segments.problems import explain_problem
from vafa.front.segments.reading import Understood
from vafa.kit.locale.dates import name_month
from vafa.kit.locale.digits import rewrite_digits
from vafa.kit.locale.formats import Style
from vafa.kit.locale.money import get_currency_name
from vafa.measure.segments.queries import (
    list_custom_fields,
    list_filter_values,
    list_values,
    words,
)
from vafa.measure.segments.types import (
    COUNTS,
    CUSTOM_PREFIX,
    FACT_FIELDS,
    FACTS,
    FACTS_WITH_AMOUNT,
    FIELDS,
    FILTERS_OF,
    MEASURE_OPS,
    MEASURES,
    MEASURES_IN_PERCENT,
    MEASURES_OF_MONEY,
    MEASURES_WITH_SPAN,
    MODES,
    PREDICTED_MEASURES,
    RISK_BANDS,
    SPAN_KINDS,
    STATES,
    Path,
)
from vafa.warehouse.queries import Snapshot

# Up to so many values are offered as boxes to tick; more are typed, with proposals.
MOST_TICKED = 40
MOST_PROPOSED = 300
_EVERY = ("week", "month", "quarter", "half", "year")


@dataclass(frozen=True)
class Choice:
    """One choice of a control."""

    value: str
    title: str
    chosen: bool = False


@dataclass(frozen=True)
class Control:
    """One input. `kind`: select, text, number, day, ticks (boxes to tick) or lines (a value on each line).

    `reshapes`: other inputs depend on it, so the form is drawn anew when it changes.
    """

    kind: str
    name: str
    label: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    reshapes: bool = False
    unit: str = ""
    is_new: bool = False
    about: str = ""

    @property
    def id(self) -> str:
        """Unique in the page. What the condition is about is in it, so that a page that is drawn anew over the old
        one takes no input for another."""
        return re.sub(r"[^a-zA-Z0-9]+", "_", f"{self.name} {self.about}").strip("_")


@dataclass(frozen=True)
class ConditionView:
    """A condition's place, what it can be about, its inputs, and what is wrong with it."""

    path: str
    name: str
    number: str
    what: Control
    was: str
    controls: tuple[Control, ...]
    filters: tuple[Control, ...]
    filters_open: bool
    errors: tuple[str, ...]
    is_group: bool = False


@dataclass(frozen=True)
class GroupView:
    """A group's place, how its parts go together, and the parts."""

    path: str
    name: str
    number: str
    mode: Control
    parts: "tuple[ConditionView | GroupView, ...]"
    errors: tuple[str, ...]
    may_nest: bool
    is_root: bool
    is_group: bool = True


@dataclass
class Offers:
    """What conditions may be about in this business, gathered once a page."""

    snapshot: Snapshot
    style: Style
    segments: dict[str, str]
    staff: dict[str, str] = field(default_factory=dict)
    used: frozenset[str] = frozenset()
    # Of whom values are offered: who sees own customers only reads nothing that others are called or tagged with.
    seen: BitMap | None = None

    def __post_init__(self) -> None:
        self.staff = {str(staff.pk): str(staff) for staff in list_staff()}

    def _is_told(self, name: str) -> bool:
        """Whether a number or field can be asked for: of what is predicted, whether it is published; of what facts
        tell, whether any does; or what is asked for already (else the form would change it to something else)."""
        if name in FACT_FIELDS:
            return name in self.used or bool(list_values(self.snapshot, name))
        if name != "risk_band" and name not in PREDICTED_MEASURES:
            return True
        return name in self.used or self.snapshot.published_as_of(name) is not None

    def list_whats(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What a condition may be about, in groups: heading, and (value, title)."""
        custom = [CUSTOM_PREFIX + name for name in list_custom_fields(self.snapshot)]
        offers = [
            (_("State"), [(f"state:{state}", words.name_state(state)) for state in STATES]),
            (_("What they did, or did not"), [(f"fact:{fact}", words.name_fact(fact)) for fact in FACTS]),
            (
                _("Numbers"),
                [(f"measure:{name}", words.name_measure(name)) for name in MEASURES if self._is_told(name)],
            ),
            (
                _("Fields"),
                [
                    (f"field:{name}", words.name_field(name))
                    for name in (*FIELDS, *custom)
                    if self._is_told(name)
                ],
            ),
        ]
        if self.segments:
            offers.append((_("Segments"), [("segment:", _("Another segment"))]))
        return offers


def build_group(
    draft: DraftGroup, understood: Understood, offers: Offers, path: Path = (), new: Path | None = None
) -> GroupView:
    """A group ready to print."""
    parts: list[ConditionView | GroupView] = []
    for place, part in enumerate(draft.parts):
        here = (*path, place)
        if isinstance(part, DraftGroup):
            parts.append(build_group(part, understood, offers, here, new))
        else:
            parts.append(_build_condition(part, understood, offers, here, is_new=here == new))
    name = f"n{write_path(path)}"
    modes = tuple(Choice(mode, words.name_mode(mode), mode == draft.mode) for mode in MODES)
    return GroupView(
        path=write_path(path),
        name=name,
        number=_number(path),
        mode=Control("select", f"{name}.mode", _("How these conditions go together"), choices=modes),
        parts=tuple(parts),
        errors=tuple(explain_problem(code) for code in understood.list_codes(path)),
        may_nest=len(path) < 3,
        is_root=not path,
    )


def _number(path: Path) -> str:
    return ".".join(str(place + 1) for place in path)


def _build_condition(
    draft: DraftCondition, understood: Understood, offers: Offers, path: Path, *, is_new: bool
) -> ConditionView:
    name = f"n{write_path(path)}"
    kind, _colon, about = draft.what.partition(":")
    builder = _BUILDERS.get(kind)
    build = _Builder(name, draft, offers)
    controls = builder(build, about) if builder else []
    filters = build.list_filters(about) if kind == "fact" and about in FACTS else []
    # What is not said yet is no mistake: a new condition is not greeted with an error.
    codes = [] if is_new or not draft.what else understood.list_codes(path)
    return ConditionView(
        path=write_path(path),
        name=name,
        number=_number(path),
        what=Control(
            "what", f"{name}.what", _("What the condition is about"), draft.what, reshapes=True, is_new=is_new
        ),
        was=draft.what,
        controls=tuple(replace(control, about=draft.what) for control in controls),
        filters=tuple(replace(control, about=draft.what) for control in filters),
        filters_open=any(draft.list(control.name.removeprefix(f"{name}.")) for control in filters),
        errors=tuple(explain_problem(code) for code in codes),
    )


class _Builder:
    """Builds the inputs of one condition."""

    def __init__(self, name: str, draft: DraftCondition, offers: Offers) -> None:
        self.name = name
        self.draft = draft
        self.offers = offers

    def field(self, about: str) -> list[Control]:
        """A field of the customer."""
        ops = self._list_field_ops(about)
        op = self._settle("op", ops)
        controls = [self._select("op", _("Comparison"), ops, op, words.name_field_op, reshapes=True)]
        if op in ("known", "unknown"):
            return controls
        if about == "joined_on":
            return controls + self.span()
        if about == "birthday_month":
            months = [("this", _("this month")), ("next", _("next month"))]
            months += [
                (str(month), name_month(month, self.offers.style, self.offers.style.calendar))
                for month in range(1, 13)
            ]
            return [*controls, self._tick("value", _("Months"), months)]
        if about == "risk_band":
            bands = [(band, words.name_band(band)) for band in RISK_BANDS]
            return [*controls, self._tick("value", words.name_field(about), bands)]
        if about == "owner":
            return [*controls, self._tick("value", _("Staff"), list(self.offers.staff.items()))]
        values = list_values(self.offers.snapshot, about, self.offers.seen)
        return [
            *controls,
            self._offer("value", "text", words.name_field(about), values, typed=op == "contains"),
        ]

    def _list_field_ops(self, about: str) -> tuple[str, ...]:
        if about == "joined_on":
            return ("within", "not_within", "known", "unknown")
        if about in ("owner", "birthday_month", "risk_band"):
            return ("is", "is_not", "known", "unknown")
        return ("is", "is_not", "contains", "known", "unknown")

    def state(self, about: str) -> list[Control]:
        """A state under the activity rule."""
        if about == "never":
            return []
        ops = ("at_most", "at_least") if about in ("new", "won_back") else ("", "at_least", "at_most")
        titles = {"": _("however long"), "at_least": _("for at least"), "at_most": _("for at most")}
        op = self._settle("since", ops)
        controls = [self._select("since", _("Since when"), ops, op, titles.__getitem__, reshapes=True)]
        if op:
            controls.append(self._number("since_days", _("Number of days"), unit=_("days")))
        return controls

    def fact(self, about: str) -> list[Control]:
        """Something that a customer does."""
        ops = (*COUNTS, "never")
        op = self._settle("op", ops)

        def name_count(value: str) -> str:
            return _("none at all") if value == "never" else words.name_count(value)

        controls = [self._select("op", _("How often"), ops, op, name_count, reshapes=True)]
        if op != "never":
            controls.append(self._number("times", _("Number of times"), unit=_("times")))
        return controls + self.span()

    def list_filters(self, about: str) -> list[Control]:
        """What narrows the facts of a condition."""
        controls = [
            self._offer(
                f"f.{name}",
                f"t.{name}",
                words.name_filter(name),
                list_filter_values(self.offers.snapshot, name),
            )
            for name in FILTERS_OF[about]  # type: ignore[index] # looked up among the facts before
            if list_filter_values(self.offers.snapshot, name)
        ]
        if about in FACTS_WITH_AMOUNT:
            controls.append(self._number("amount", _("Worth at least"), unit=self._get_currency()))
        return controls

    def measure(self, about: str) -> list[Control]:
        """A number of each customer."""
        op = self._settle("op", MEASURE_OPS)
        controls = [
            self._select("op", _("Comparison"), MEASURE_OPS, op, words.name_measure_op, reshapes=True)
        ]
        unit = _("percent of customers") if op == "top" else self._get_unit(about)
        if op not in ("known", "unknown"):
            controls.append(self._number("value", _("Number"), unit=unit))
        if op == "between":
            controls.append(self._number("upper", _("Up to and including"), unit=unit))
        return controls + (self.span() if about in MEASURES_WITH_SPAN else [])

    def segment(self, _about: str) -> list[Control]:
        """Another segment."""
        titles = {"is": _("is a member of"), "is_not": _("is no member of")}
        op = self._settle("op", tuple(titles))
        slugs = ("", *self.offers.segments)
        chosen = self._settle("segment", slugs)
        return [
            self._select("op", _("Comparison"), tuple(titles), op, titles.__getitem__),
            self._select(
                "segment",
                _("Segment"),
                slugs,
                chosen,
                lambda slug: self.offers.segments.get(slug, _("Choose one")),
            ),
        ]

    def span(self) -> list[Control]:
        """When it was."""
        kind = self._settle("span", SPAN_KINDS)
        controls = [self._select("span", _("When"), SPAN_KINDS, kind, words.name_span_kind, reshapes=True)]
        if kind in ("last_days", "before_days"):
            controls.append(self._number("days", _("Number of days"), unit=_("days")))
        if kind == "between":
            controls.append(Control("day", f"{self.name}.start", _("First day"), self.draft.get("start")))
            controls.append(Control("day", f"{self.name}.end", _("Last day"), self.draft.get("end")))
        if kind in ("this", "previous"):
            every = self._settle("every", _EVERY, "month")
            calendar = self.offers.style.calendar
            controls.append(
                self._select(
                    "every",
                    _("Length of a period"),
                    _EVERY,
                    every,
                    lambda name: words.name_every(name, calendar),
                )
            )
        return controls

    def _settle(self, name: str, known: Sequence[str], usual: str = "") -> str:
        said = self.draft.get(name)
        return said if said in known else (usual or known[0])

    def _select(
        self,
        name: str,
        label: str,
        values: Sequence[str],
        chosen: str,
        title: Callable[[str], Any],
        *,
        reshapes: bool = False,
    ) -> Control:
        choices = tuple(Choice(value, str(title(value)), value == chosen) for value in values)
        return Control("select", f"{self.name}.{name}", label, chosen, choices, reshapes=reshapes)

    def _number(self, name: str, label: str, *, unit: str = "") -> Control:
        written = rewrite_digits(self.draft.get(name), self.offers.style.digits)
        return Control("number", f"{self.name}.{name}", label, written, unit=unit)

    def _tick(self, name: str, label: str, offered: list[tuple[str, str]]) -> Control:
        said = set(self.draft.list(name))
        offered += [(value, value) for value in sorted(said - {value for value, _title in offered})]
        return Control(
            "ticks",
            f"{self.name}.{name}",
            label,
            choices=tuple(Choice(value, title, value in said) for value, title in offered),
        )

    def _offer(
        self, ticked: str, typed_name: str, label: str, values: list[str], *, typed: bool = False
    ) -> Control:
        """Known values to tick where they are few, else lines to type them on."""
        if not typed and len(values) <= MOST_TICKED:
            return self._tick(ticked, label, [(value, value) for value in values])
        said = [*self.draft.list(ticked), *self.draft.list(typed_name)]
        choices = () if typed else tuple(Choice(value, value) for value in values[:MOST_PROPOSED])
        return Control("lines", f"{self.name}.{typed_name}", label, "\n".join(said), choices)

    def _get_currency(self) -> str:
        style = self.offers.style
        return get_currency_name(style.currency, style.language) if style.currency else ""

    def _get_unit(self, about: str) -> str:
        if about in MEASURES_OF_MONEY:
            return self._get_currency()
        if about in MEASURES_IN_PERCENT:
            return _("percent")
        if about in ("days_since_last_purchase", "own_rhythm", "days_since_last_contact", "next_order_days"):
            return _("days")
        return ""


_BUILDERS: dict[str, Callable[[_Builder, str], list[Control]]] = {
    "field": _Builder.field,
    "state": _Builder.state,
    "fact": _Builder.fact,
    "measure": _Builder.measure,
    "segment": _Builder.segment,
}
