"""What the explorer is asked beside the overview's question, all of it in the address.

`metric` · `show` (trend, groups, heat, compare) · `across`, a second field · `count`, how many periods back · `real`,
money of the price index's base month · `with` (before, year, rule, group): what a comparison is with, and `other`, the
other rule or group.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

from vafa.front.overview.figures import TREND_PERIODS
from vafa.front.overview.question import Question
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.digits import to_latin_digits
from vafa.measure.metrics.queries import Options, get_entry
from vafa.measure.metrics.types import MetricEntry

Show = Literal["trend", "groups", "heat", "compare"]
Versus = Literal["before", "year", "rule", "group"]
SHOWS: tuple[Show, ...] = get_args(Show)
VERSUS: tuple[Versus, ...] = get_args(Versus)
MOST_PERIODS = 60


@dataclass(frozen=True)
class Exploration:
    """A settled question of the explorer; `question` is what it shares with the overview."""

    entry: MetricEntry
    question: Question
    show: Show
    across: str | None
    count: int
    real: bool
    versus: Versus
    other: str

    @property
    def options(self) -> Options:
        """What the metric is asked besides."""
        return Options(real=self.real)

    def build_query(self, **changes: object) -> str:
        """The address's query with some things changed; None takes one away."""
        own: dict[str, object] = {
            "metric": self.entry.name,
            "show": self.show,
            "across": self.across,
            "count": self.count if self.count != find_count(self.question) else None,
            "real": "1" if self.real else None,
            "with": self.versus if self.show == "compare" and self.versus != "before" else None,
            "other": self.other or None,
        }
        asked = {name: changes.pop(name, value) for name, value in own.items()}
        mine = urlencode({name: str(value) for name, value in asked.items() if value is not None})
        shared = self.question.build_query(**changes)  # type: ignore[arg-type] # texts, days and periods, as it takes them
        return f"{mine}&{shared}" if shared else mine


def find_count(question: Question) -> int:
    """How many periods are shown unless the address says another number."""
    return TREND_PERIODS.get(question.every, 13)


def read_exploration(
    asked: Mapping[str, str], question: Question, dimensions: tuple[str, ...]
) -> Exploration:
    """The question of an address; what is unknown in it is left out."""
    across = asked.get("across", "")
    fits = across in dimensions and across != question.by and question.by is not None
    usual: Show = "groups" if question.by else "trend"
    show: Show = next((name for name in SHOWS if name == asked.get("show")), usual)
    if show in ("groups", "heat") and question.by is None:
        show = "trend"
    versus: Versus = next((name for name in VERSUS if name == asked.get("with")), "before")
    return Exploration(
        entry=read_metric(asked.get("metric", "")),
        question=question,
        show=show,
        across=across if fits else None,
        count=_read_count(asked.get("count", ""), question),
        real=asked.get("real") == "1",
        versus=versus,
        other=asked.get("other", ""),
    )


def read_metric(name: str) -> MetricEntry:
    """The metric of that name, or the first one."""
    try:
        return get_entry(name or "crr")
    except AskedWrongly:
        return get_entry("crr")


def _read_count(text: str, question: Question) -> int:
    plain = to_latin_digits(text).strip()
    if plain.isascii() and plain.isdigit() and len(plain) < 4 and int(plain) >= 1:
        return min(int(plain), MOST_PERIODS)
    return find_count(question)
