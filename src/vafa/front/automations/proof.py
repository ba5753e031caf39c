"""What those who would enter an automation can prove, in words, and the control group that follows from it."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils.translation import gettext as _

from vafa.act.automations import queries
from vafa.act.automations.types import Document
from vafa.data.consent.types import Purpose
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import Style, format_days, format_number, format_percent, format_percent_points
from vafa.lab.trials import CONTROL, TREATED
from vafa.prove.outcomes.queries import plan_proof
from vafa.prove.outcomes.types import Proof
from vafa.warehouse.queries import Snapshot

# Who entered in a quarter is the list that a control group is planned for.
DAYS = 90


@dataclass(frozen=True)
class Plan:
    """What can be proven; `proof` is None where nothing tells who would enter. `share` is what is held out: as chosen,
    else as suggested."""

    proof: Proof | None
    share: float
    is_chosen: bool


def plan(document: Document, snapshot: Snapshot, now: datetime) -> Plan:
    """What those who entered in the last known quarter can prove."""
    chosen = document.holdout
    proof = _find_proof(document, snapshot, now)
    suggested = proof.shares.get(CONTROL, 0.0) if proof is not None and proof.is_suggested else 0.0
    return Plan(proof, suggested if chosen is None else chosen, chosen is not None)


def _find_proof(document: Document, snapshot: Snapshot, now: datetime) -> Proof | None:
    ids: list[int] = []
    may = queries.may_hold_out(document)
    if may:
        try:
            run = queries.rehearse(document, snapshot, now, days=DAYS)
        except VafaError:
            return None
        if not run.known:
            return None
        ids = sorted({row.customer_id for row in run.rows})
    share = document.holdout
    return plan_proof(
        snapshot,
        np.asarray(ids, dtype=np.int64),
        purpose=Purpose(document.purpose),
        is_apology=not may,
        horizon_days=document.horizon_days,
        shares={CONTROL: share, TREATED: 1 - share} if share else None,
    )


def describe_plan(told: Plan, style: Style) -> str:
    """What can be proven, and what follows for the control group."""
    proof = told.proof
    if proof is None:
        return _(
            "Nothing kept can tell how many would enter, so nobody is held out unless you choose a share."
        )
    words = {
        "entered": format_number(proof.customers, style),
        "points": format_percent_points(proof.smallest, style),
        "days": format_days(proof.horizon_days, style),
        "share": format_percent(proof.shares.get(CONTROL, 0), style, 0),
        "count": format_number(proof.control, style),
        "needed": format_number(proof.needed, style),
    }
    if proof.reason == "never":
        return _(
            "Nobody is held out: service messages, apologies and notices of payment are owed to everybody."
        )
    if proof.reason == "no_data":
        return _(
            "The data don't reach back far enough to tell what a control group would prove, so nobody is held out"
            " unless you choose a share."
        )
    if proof.reason == "too_few":
        text = _(
            "In the last known quarter %(entered)s customers would have entered: too few to prove anything."
            " About %(needed)s would be needed, so nobody is held out unless you choose a share."
        )
        return text % words
    text = _(
        "In the last known quarter %(entered)s customers would have entered. With %(share)s held out (about %(count)s)"
        " they show a rise of %(points)s or more among those kept after %(days)s, in four of five cases."
    )
    said = text % words
    if told.is_chosen and not told.share:
        return _("Nobody is held out, so nobody will know whether it helped.") + f" {said}"
    return said


def describe_share(told: Plan, style: Style) -> str:
    """The share that is held out."""
    if not told.share:
        return _("None")
    share = format_percent(told.share, style, 0)
    return share if told.is_chosen else _("%(share)s, as suggested") % {"share": share}
