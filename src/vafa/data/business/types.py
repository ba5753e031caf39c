"""Errors that cross the business room's doors."""

from vafa.kit.errors import AskedWrongly


class PeriodUnusable(AskedWrongly):
    """A named period can't be kept as it was given."""

    code = "period_unusable"
