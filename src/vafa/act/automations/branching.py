"""Which way each customer goes at a branch: by a segment, rules of its own, the band of risk, why they may
leave, whether they can be reached."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import numpy as np

from vafa.act.automations.conditions import Judge
from vafa.act.automations.types import BANDS, Condition, Node
from vafa.data.consent.queries import judge as judge_consent
from vafa.data.consent.types import Channel, Purpose
from vafa.data.customers.queries import map_family
from vafa.lab.errors import LabError
from vafa.predict.models.queries import find_champion, get_question, score
from vafa.predict.reasons.queries import CAUSE, list_stated
from vafa.predict.scores.queries import get_as_of, get_bands
from vafa.warehouse.queries import Snapshot

STATED_FOR = timedelta(days=365)
# A push on the log-odds that is hardly felt is no reason.
LEAST_PUSH = 0.05
CAUSE_OF_TOPIC: Mapping[str, str] = {
    "value": "price",
    "communication": "silence",
    "quality": "quality",
    "competition": "competition",
    "experience": "experience",
}
CAUSE_OF_GROUP: Mapping[str, str] = {
    "price": "price",
    "silence": "silence",
    "returns": "quality",
    "complaints": "experience",
}


def find_ways(node: Node, people: set[int], judge: Judge, now: datetime) -> dict[int, str]:
    """The way of each of these customers."""
    return _FINDERS[str(node.told.get("by", "segment"))](node, people, judge, now)


def _by_segment(node: Node, people: set[int], judge: Judge, _now: datetime) -> dict[int, str]:
    members = judge.find(Condition(str(node.told.get("segment", ""))))
    return {pk: "yes" if pk in members else "no" for pk in people}


def _by_rules(node: Node, people: set[int], judge: Judge, _now: datetime) -> dict[int, str]:
    members = judge.find(Condition(definition=node.told.get("definition")))
    return {pk: "yes" if pk in members else "no" for pk in people}


def _by_band(_node: Node, people: set[int], judge: Judge, _now: datetime) -> dict[int, str]:
    bands = get_bands(judge.snapshot)
    ids = sorted(people)
    if bands is None or not ids:
        return dict.fromkeys(people, "other")
    numbers = judge.snapshot.list_numbers(ids)
    found: dict[int, str] = {}
    for pk, number in zip(ids, numbers.tolist(), strict=True):
        band = bands[number] if number >= 0 else np.nan
        found[pk] = BANDS[int(band)] if np.isfinite(band) else "other"
    return found


def _by_reachable(node: Node, people: set[int], _judge: Judge, now: datetime) -> dict[int, str]:
    channel, purpose = (
        Channel(str(node.told.get("channel", "email"))),
        Purpose(str(node.told.get("purpose", "marketing"))),
    )
    allowed = judge_consent(channel, purpose, now, among=people).allowed
    return {pk: "yes" if pk in allowed else "no" for pk in people}


def _by_reason(_node: Node, people: set[int], judge: Judge, now: datetime) -> dict[int, str]:
    return find_reasons(people, judge.snapshot, now)


_FINDERS: dict[str, Callable[[Node, set[int], Judge, datetime], dict[int, str]]] = {
    "segment": _by_segment,
    "rules": _by_rules,
    "band": _by_band,
    "reachable": _by_reachable,
    "reason": _by_reason,
}


def find_reasons(people: set[int], snapshot: Snapshot, now: datetime) -> dict[int, str]:
    """Why each of these customers may leave: what they said last within a year; else what weighs most by the model
    and is one of the five; else "other"."""
    family = map_family(people)
    stated: dict[int, str] = {}
    today = now.date()
    for customer, topic in list_stated(today - STATED_FOR, today + timedelta(days=1)):
        cause = CAUSE_OF_TOPIC.get(topic.removeprefix(CAUSE).partition(".")[0])
        if customer in family and cause is not None:
            stated[family[customer]] = cause
    told = _find_predicted({pk for pk in people if pk not in stated}, snapshot)
    return {pk: stated.get(pk) or told.get(pk, "other") for pk in people}


def _find_predicted(people: set[int], snapshot: Snapshot) -> dict[int, str]:
    as_of = get_as_of(snapshot)
    if as_of is None or not people:
        return {}
    question = get_question(snapshot)
    if find_champion(question) is None:
        return {}
    numbers = snapshot.list_numbers(sorted(people))
    try:
        scores = score(snapshot, question, as_of, numbers[numbers >= 0])
    except LabError:
        return {}
    if scores.verdict.level == "refused":
        return {}
    found: dict[int, str] = {}
    for place, pk in enumerate(scores.customer_ids.tolist()):
        for column in np.argsort(-scores.contributions[place], kind="stable").tolist():
            cause = CAUSE_OF_GROUP.get(scores.groups[column])
            if scores.contributions[place, column] < LEAST_PUSH:
                break
            if cause is not None and scores.stable[column]:
                found[int(pk)] = cause
                break
    return found
