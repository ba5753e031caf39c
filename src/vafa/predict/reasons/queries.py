"""DOOR: asking what goes with leaving. Everything here reads only."""

from vafa.predict.reasons.beside import tell_beside
from vafa.predict.reasons.common import find_common, find_members_now
from vafa.predict.reasons.drivers import join_factors, tell_drivers
from vafa.predict.reasons.stated import CAUSE, CHANNEL, THEME, list_stated

__all__ = [
    "CAUSE",
    "CHANNEL",
    "THEME",
    "find_common",
    "find_members_now",
    "join_factors",
    "list_stated",
    "tell_beside",
    "tell_drivers",
]
