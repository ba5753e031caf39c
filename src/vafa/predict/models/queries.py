"""DOOR: asking what is predicted, and how."""

from vafa.predict.models.asking import find_span, try_question
from vafa.predict.models.features import build_features, build_labels
from vafa.predict.models.settings import get_question, get_settings

__all__ = ["build_features", "build_labels", "find_span", "get_question", "get_settings", "try_question"]
