"""A standing as JSON holds it, and back: what was told once must be read as it was told."""

from dataclasses import asdict
from datetime import date
from typing import Any

from vafa.lab.trial_effects import Effect
from vafa.lab.trial_pooling import Range
from vafa.prove.trials.types import Arm, ArmEffect, Standing

_EFFECTS = ("kept", "kept_plain", "orders", "money")


def write_standing(standing: Standing) -> dict[str, Any]:
    """The document of a standing."""
    document = asdict(standing) | {"as_of": standing.as_of.isoformat(), "dealt": dict(standing.dealt)}
    # What it cost may still grow, and is told as it is now.
    del document["spent"]
    return document


def read_standing(document: dict[str, Any]) -> Standing:
    """The standing of a document."""
    effects = {name: None if document[name] is None else Effect(**document[name]) for name in _EFFECTS}
    settled = {
        "as_of": date.fromisoformat(document["as_of"]),
        "arms": tuple(Arm(**arm) for arm in document["arms"]),
        "saved": Range(**document["saved"]),
        "each": tuple(_read_each(one) for one in document.get("each", ())),
    }
    return Standing(**(document | effects | settled))


def _read_each(document: dict[str, Any]) -> ArmEffect:
    effects = {
        name: None if document[name] is None else Effect(**document[name])
        for name in ("kept", "orders", "money")
    }
    return ArmEffect(**(document | effects | {"saved": Range(**document["saved"])}))
