"""DOOR: asking what goes with leaving. Everything here reads only."""

from vafa.predict.reasons.common import find_common
from vafa.predict.reasons.drivers import tell_drivers

__all__ = ["find_common", "tell_drivers"]
