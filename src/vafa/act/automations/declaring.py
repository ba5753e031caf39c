"""Telling that an automation keeps a holdout: its key, shares and horizon, before anybody enters."""

from datetime import datetime

from vafa.act.automations.coding import read_document
from vafa.act.automations.holding_out import build_shares
from vafa.act.automations.models import Version
from vafa.act.messaging.actions import declare_trial


def declare(version: Version, name: str, *, now: datetime) -> None:
    """Declare the trial of a version, once; nothing without a holdout."""
    document = read_document(version.document)
    if not version.trial or not document.holdout:
        return
    declare_trial(
        version.trial, name=name, purpose=document.purpose, shares=build_shares(document),
        horizon_days=document.horizon_days, now=now,
    )  # fmt: skip
