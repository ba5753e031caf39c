"""DOOR: asking what goes with leaving. Everything here reads only."""

from vafa.predict.reasons.common import find_common

__all__ = ["find_common"]
