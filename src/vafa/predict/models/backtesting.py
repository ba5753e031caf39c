"""Trying the models where the answer is known: at past days, each trained only on what was known by then.

At every tested day D a model learns from earlier days whose horizons were over by D (purged: no answer that lay in the
future then), tells the chances as of D, and is judged by what happened in the horizon after D. All models tell of the
same customers: the share that left on that very day (base rate), the days since the last order or the time as
a customer alone (recency), the base model alone (the purchase model, or the hazard), and the regression.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from vafa.lab.calendars import CalendarName
from vafa.lab.design import Feature
from vafa.lab.errors import LabelsAllAlike
from vafa.lab.judging import (
    Judgement,
    build_brier_losses,
    find_auc,
    judge,
    paired_interval,
)
from vafa.lab.sets import list_members
from vafa.lab.trials import arms_of
from vafa.measure.metrics.queries import resolve_rule
from vafa.predict.models.features import KINDS, build_features, build_labels
from vafa.predict.models.leaks import Leak, find_leaking
from vafa.predict.models.rules import Proof, decide_champion, list_tested, list_training
from vafa.predict.models.training import (
    MOST_ROWS,
    Rows,
    fit_regression,
    join_rows,
    tell_base_chances,
    thin_rows,
)
from vafa.predict.models.treatments import LEAST_LEFT, NONE, Treatments, find_treatments
from vafa.predict.models.types import FeatureTable, Question
from vafa.warehouse.queries import Snapshot

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MODELS = ("base_rate", "recency", "base", "logistic")
"""From the simplest on."""

SEED = 20_261
# Of a larger business so many customers are asked about at each past day, drawn by a hash of their ids: the same on
# every day. What is told of the models moves by less than the third digit.
MOST_ASKED = 200_000
_DRAWN = "asked"
LEAST_KNOWN = 0.05
"""A number that is known of a smaller share of the rows isn't learned from."""


@dataclass(frozen=True)
class TestedDay:
    """A tested day: what each model was worth on it. `recency_auc` is that of the plain number of days. `n` and
    `leavers` are of everybody; judged are at most MOST_ASKED of them (`judged["base"].n`)."""

    at: date
    n: int
    leavers: int
    judged: dict[str, Judgement]
    recency_auc: float | None


@dataclass(frozen=True)
class Backtest:
    """What has been shown. `taken` is the model that is to be used ("base" or "logistic"), `overall` its judgement over
    all tested days together, `gaps` the intervals of Brier's score between two models (later - earlier)."""

    question: Question
    days: tuple[TestedDay, ...]
    taken: str
    overall: Judgement | None
    gaps: dict[tuple[str, str], tuple[float, float] | None]
    active_base: float | None
    leaks: tuple[Leak, ...]

    @property
    def proof(self) -> Proof | None:
        """What the gates ask; None where nothing could be tested."""
        if self.overall is None:
            return None
        slope = self.overall.slope_low, self.overall.slope_high
        off = None
        if self.overall.mean_chance is not None and self.overall.n:
            off = self.overall.mean_chance - self.overall.positives / self.overall.n
        return Proof(
            len(self.days),
            self.gaps.get((self.taken, "base_rate")),
            (slope[0], slope[1]) if slope[0] is not None and slope[1] is not None else None,
            off,
        )


@dataclass(frozen=True)
class Asked:
    """A past day: the rows of those who are asked about; how many the question was about in all, and of them left; how
    many were left out since they were being treated, or are in it although they were."""

    table: FeatureTable
    rows: Rows
    n: int
    leavers: int
    left_out: int
    treated: int


def build_asked(snapshot: Snapshot, question: Question, at: date, treatments: Treatments = NONE) -> Asked:
    """The table as of a day with what became of the customers; without those whose treatment began within the horizon,
    whose answers tell of the treatment. Where they are more than half, nobody is left out."""
    numbers = KINDS[question.kind].list_numbers(snapshot, at)
    ids = snapshot.list_ids(numbers)
    treated = np.isin(ids, treatments.list_within(at, at + timedelta(days=question.horizon_days)))
    many = len(ids) and 1 - treated.mean() < LEAST_LEFT
    if not many:
        numbers, ids = numbers[~treated], ids[~treated]
    left = build_labels(snapshot, at, question, ids)
    whole = len(ids), int(left.sum())
    if len(ids) > MOST_ASKED:
        share = MOST_ASKED / len(ids)
        drawn = arms_of(ids, _DRAWN, {_DRAWN: share, "rest": 1 - share}) == _DRAWN
        numbers, ids, left = numbers[drawn], ids[drawn], left[drawn]
    table = build_features(snapshot, at, question, numbers)
    rows = Rows(table.customer_ids, table.columns, left[np.argsort(ids, kind="stable")])
    return Asked(table, rows, *whole, 0 if many else int(treated.sum()), int(treated.sum()) if many else 0)


class Trial:
    """Back-tests of one question over one state of the data; keeps the tables that several days share."""

    def __init__(
        self,
        snapshot: Snapshot,
        question: Question,
        calendar: CalendarName,
        treatments: Treatments | None = None,
    ) -> None:
        self.snapshot, self.question, self.calendar = snapshot, question, calendar
        self.treatments = find_treatments() if treatments is None else treatments
        self._kept: dict[date, Asked] = {}

    def ask(self, at: date) -> Asked:
        """What is known of a day."""
        if at not in self._kept:
            self._kept[at] = build_asked(self.snapshot, self.question, at, self.treatments)
        return self._kept[at]

    def forget_before(self, day: date) -> None:
        """Let go of earlier days: nobody learns from them any more."""
        self._kept = {at: asked for at, asked in self._kept.items() if at >= day}

    def count_treated(self, days: Sequence[date], *, left_out: bool) -> int:
        """How many customers were treated within the horizon of one of these days, and left out of it, or not."""
        horizon = timedelta(days=self.question.horizon_days)
        found = [
            self.treatments.list_within(day, day + horizon)
            for day in days
            if (self.ask(day).left_out if left_out else self.ask(day).treated)
        ]
        return len(np.unique(np.concatenate(found))) if found else 0

    def learn_rows(self, days: Sequence[date]) -> tuple[tuple[Feature, ...], Rows, tuple[Leak, ...]]:
        """The features that may be learned from, the rows of these days together (thinned where they are more than
        are learned from), and what was left out as a leak."""
        asked = [self.ask(day) for day in days]
        share = MOST_ROWS / max(1, sum(len(own.rows.ids) for own in asked))
        rows = join_rows([thin_rows(own.rows, SEED, round(share * len(own.rows.ids))) for own in asked])
        features = asked[-1].table.features
        leaks = find_leaking(features, rows.columns, rows.labels)
        names = {leak.name for leak in leaks}
        kept = (own for own in features if own.name not in names and _is_known(own, rows))
        return tuple(kept), rows, leaks


def _is_known(feature: Feature, rows: Rows) -> bool:
    """Whether so much is known that it can be learned from: what a handful of rows tell is chance, and by the day that
    is tested it may be known of everybody (as what was bought a year ago is, in the second year)."""
    if feature.kind == "choice":
        return True
    known = np.isfinite(np.asarray(rows.columns[feature.name], dtype=np.float64))
    return bool(len(known)) and float(known.mean()) >= LEAST_KNOWN


def run_backtest(trial: Trial, first: date, until: date) -> Backtest:
    """Try the models on the last monthly days that have a whole horizon before the end of data."""
    question = trial.question
    days, kept = [], _Kept()
    leaks: tuple[Leak, ...] = ()
    for at in list_tested(until, first, question.horizon_days, trial.calendar):
        asked = trial.ask(at)
        rows = asked.rows
        training = list_training(at, first, question.horizon_days, trial.calendar)
        if not len(rows.ids):
            continue
        told: dict[str, Floats] = {"base": tell_base_chances(rows.columns, KINDS[question.kind].base)}
        if training:
            features, learned, leaks = trial.learn_rows(training)
            told |= _tell_learned(trial, features, learned, rows)
            trial.forget_before(training[0])
        # What nobody could know beforehand: the share of this very day. Who isn't better than that has shown no skill;
        # against the share of earlier days a mere shift of it would look like some.
        told["base_rate"] = np.full(len(rows.ids), float(rows.labels.mean()))
        own = KINDS[question.kind]
        recency = rows.columns[own.recency].astype(np.float64)
        days.append(
            TestedDay(
                at,
                asked.n,
                asked.leavers,
                {name: judge(chances, rows.labels) for name, chances in told.items()},
                find_auc(own.recency_sign * np.nan_to_num(recency), rows.labels),
            )
        )
        kept.add(rows, told, _find_active_left(trial, at, rows))
    return _conclude(question, days, kept, leaks)


def _tell_learned(trial: Trial, features: Sequence[Feature], learned: Rows, rows: Rows) -> dict[str, Floats]:
    """What was learned from earlier days tells of this one; nothing where everybody left then, or nobody did."""
    told: dict[str, Floats] = {}
    recency = [feature for feature in features if feature.name == KINDS[trial.question.kind].recency]
    try:
        told["recency"] = fit_regression(recency, learned, SEED).chances(rows.columns)
        told["logistic"] = fit_regression(features, learned, SEED).chances(rows.columns)
    except LabelsAllAlike:
        return {}
    return told


def _find_active_left(trial: Trial, at: date, rows: Rows) -> tuple[int, int]:
    """How many were active under the rule at the day, and how many of these left."""
    rule = resolve_rule(None, trial.snapshot)
    active = list_members(trial.snapshot.active(rule, at)).astype(np.int64)
    inside = np.isin(trial.snapshot.list_numbers(rows.ids), active)
    return int(inside.sum()), int(rows.labels[inside].sum())


class _Kept:
    """The losses of all tested days, row by row."""

    def __init__(self) -> None:
        self.ids: list[npt.NDArray[np.int64]] = []
        self.labels: list[Bools] = []
        self.told: list[dict[str, Floats]] = []
        self.active = self.active_left = 0

    def add(self, rows: Rows, told: dict[str, Floats], active: tuple[int, int]) -> None:
        self.ids.append(rows.ids)
        self.labels.append(rows.labels)
        self.told.append(told)
        self.active += active[0]
        self.active_left += active[1]

    def compare(self, later: str, earlier: str) -> tuple[float, float] | None:
        """The interval of Brier's score of one less the other's, over the days on which both told."""
        both = [place for place, told in enumerate(self.told) if later in told and earlier in told]
        if not both:
            return None
        one, other = (
            np.concatenate([build_brier_losses(self.told[place][name], self.labels[place]) for place in both])
            for name in (later, earlier)
        )
        return paired_interval(one, other, SEED, np.concatenate([self.ids[place] for place in both]))

    def judge(self, name: str) -> Judgement | None:
        own = [place for place, told in enumerate(self.told) if name in told]
        if not own:
            return None
        return judge(
            np.concatenate([self.told[place][name] for place in own]),
            np.concatenate([self.labels[place] for place in own]),
        )


def _conclude(
    question: Question, days: Sequence[TestedDay], kept: _Kept, leaks: tuple[Leak, ...]
) -> Backtest:
    names = [name for name in MODELS if any(name in told for told in kept.told)]
    gaps = {
        (later, earlier): kept.compare(later, earlier)
        for place, later in enumerate(names)
        for earlier in names[:place]
    }
    ladder = [name for name in ("base", "logistic") if name in names]
    taken = decide_champion(ladder, gaps) if ladder else "base"
    base = kept.active_left / kept.active if kept.active else None
    return Backtest(question, tuple(days), taken, kept.judge(taken), gaps, base, leaks)
