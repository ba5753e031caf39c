"""DOOR: setting how predictions are made, training models, and choosing the one that is used."""

from vafa.predict.models.drifting import note_drift, note_refit
from vafa.predict.models.making import promote, train
from vafa.predict.models.settings import change_settings
from vafa.predict.models.treatments import Treatments, register_treatments

__all__ = [
    "Treatments",
    "change_settings",
    "note_drift",
    "note_refit",
    "promote",
    "register_treatments",
    "train",
]
