"""Telling that an automation keeps a holdout: its key, shares and horizon, before anybody enters."""

from datetime import datetime

from vafa.act.automations.coding import read_document
from vafa.act.automations.models import Version
from vafa.act.messaging.actions import declare_trial
from vafa.act.messaging.queries import find_trial
from vafa.data.consent.types import Purpose
from vafa.lab.trials import build_shares


def is_over(trial: str) -> bool:
    """Whether nobody is dealt into a trial any more."""
    found = find_trial(trial) if trial else None
    return found is not None and found.ended_at is not None


def declare(version: Version, name: str, planned: int, *, now: datetime) -> None:
    """Declare the trial of a version, once, with how many are expected to enter; nothing without a holdout."""
    document = read_document(version.document)
    if not version.trial or not document.holdout:
        return
    declare_trial(
        version.trial, origin=f"automation:{version.automation_id}", name=name, purpose=Purpose(document.purpose),
        shares=build_shares(document.holdout), horizon_days=document.horizon_days, planned=planned, now=now,
    )  # fmt: skip
