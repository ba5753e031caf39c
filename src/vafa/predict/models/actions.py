"""DOOR: setting how predictions are made."""

from vafa.predict.models.settings import change_settings

__all__ = ["change_settings"]
