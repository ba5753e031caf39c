"""DOOR: asking what is predicted, and how."""

from vafa.predict.models.asking import find_span, settle_verdict, try_question
from vafa.predict.models.backtesting import Backtest, TestedDay
from vafa.predict.models.ends import find_half_day
from vafa.predict.models.factors import FactorMean, tell_factors
from vafa.predict.models.features import KINDS, build_features, build_labels
from vafa.predict.models.leaks import find_leaking
from vafa.predict.models.making import find_champion, is_due, learn, list_cards
from vafa.predict.models.scoring import build_lineage, build_refused, score, tell_scores
from vafa.predict.models.service_features import COMPLAINTS, VISITS
from vafa.predict.models.settings import get_question, get_settings
from vafa.predict.models.shelf import find_borders, get_card, list_all_cards
from vafa.predict.models.value_record import ValueRecord, try_values
from vafa.predict.models.values import Values, build_values, is_by_margin

__all__ = [
    "COMPLAINTS",
    "KINDS",
    "VISITS",
    "Backtest",
    "FactorMean",
    "TestedDay",
    "ValueRecord",
    "Values",
    "build_features",
    "build_labels",
    "build_lineage",
    "build_refused",
    "build_values",
    "find_borders",
    "find_champion",
    "find_half_day",
    "find_leaking",
    "find_span",
    "get_card",
    "get_question",
    "get_settings",
    "is_by_margin",
    "is_due",
    "learn",
    "list_all_cards",
    "list_cards",
    "score",
    "settle_verdict",
    "tell_factors",
    "tell_scores",
    "try_question",
    "try_values",
]
