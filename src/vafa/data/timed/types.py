"""Errors that cross the doors of files by timetable."""

from vafa.kit.errors import AskedWrongly


class TimedUnusable(AskedWrongly):
    """The folder or address can't be looked at as it was given."""

    code = "timed_unusable"
