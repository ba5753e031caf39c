"""DOOR: asking what is predicted, and how."""

from vafa.predict.models.settings import get_question, get_settings

__all__ = ["get_question", "get_settings"]
