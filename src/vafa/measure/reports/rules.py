"""When a report is due, and whether a link still opens. Pure: told the moment, decides."""

from datetime import datetime

from vafa.lab.cadences import build_moment, find_latest_due, find_next_due, is_due_on
from vafa.measure.reports.types import LinkState

__all__ = ["build_moment", "decide_link", "find_latest_due", "find_next_due", "is_due_on"]


def decide_link(
    now: datetime, *, expires_at: datetime, revoked: bool, maker_may: bool, dashboard_gone: bool
) -> LinkState:
    """Whether a link opens its dashboard, and if not, why. It never shows more than whoever made it may share."""
    if revoked:
        return "revoked"
    if now >= expires_at:
        return "expired"
    return "open" if maker_may and not dashboard_gone else "closed"
