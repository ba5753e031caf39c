"""Publishing the current scores down, for everything that lists customers."""

from datetime import date

import numpy as np

from vafa.predict.scores.keeping import read_whole
from vafa.predict.scores.models import Issue
from vafa.predict.scores.types import NO_BAND
from vafa.warehouse.actions import publish_column, withdraw_column
from vafa.warehouse.queries import Snapshot

RISK, RISK_BAND = "risk", "risk_band"


def publish(issue: Issue) -> None:
    """Publish an issue's bands, and its chances where percentages may be told, of customers who were active: who is
    lost is not at risk any more."""
    whole = read_whole(issue.pk)
    banded = whole.active & (whole.bands != NO_BAND)
    publish_column(
        RISK_BAND,
        whole.ids[banded],
        whole.bands[banded].astype(np.float32),
        issue.as_of,
        made_by=issue.lineage,
    )
    if issue.verdict == "percent":
        known = whole.active & ~np.isnan(whole.chances)
        publish_column(RISK, whole.ids[known], whole.chances[known], issue.as_of, made_by=issue.lineage)
    else:
        withdraw_column(RISK)


def withdraw() -> None:
    """Publish no risk any more: nothing may be told."""
    withdraw_column(RISK)
    withdraw_column(RISK_BAND)


def is_published(issue: Issue | None, snapshot: Snapshot) -> bool:
    """Whether what is published is what this issue says; the files may have been deleted."""
    bands: date | None = snapshot.published_as_of(RISK_BAND)
    chances: date | None = snapshot.published_as_of(RISK)
    if issue is None:
        return bands is None and chances is None
    return bands == issue.as_of and chances == (issue.as_of if issue.verdict == "percent" else None)
