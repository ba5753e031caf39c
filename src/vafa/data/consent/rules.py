"""Consent's own decisions: facts in, verdict out."""

from datetime import datetime

from vafa.data.consent.types import Purpose, Reason, Way


def decide_permission(purpose: Purpose, allowed: bool | None, has_source: bool) -> Reason:
    """What permission says, after all that forbids contact has been looked at. `allowed` is the newest word (None: no
    word). Silence is no, except for service messages; a yes whose source nobody told is none."""
    if allowed is False:
        return Reason.REFUSED
    if purpose is Purpose.SERVICE:
        return Reason.SERVICE
    if allowed is None:
        return Reason.NO_PERMISSION
    return Reason.PERMITTED if has_source else Reason.NO_SOURCE


def may_replace(
    *, allowed: bool, given_at: datetime | None, last_allowed: bool, last_way: str, last_at: datetime
) -> bool:
    """Whether what a file tells may follow the newest word known.

    A no always may. A yes follows a no that came from the customer, or by hand, only where the file says that it was
    given later: the same old file brought in again must not undo that somebody unsubscribed.
    """
    if not allowed or last_allowed or last_way == Way.IMPORT:
        return True
    return given_at is not None and given_at > last_at
