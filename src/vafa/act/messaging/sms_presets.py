"""Reading how providers of text messages are asked (see sms_presets/README.md)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "sms_presets"
GENERAL = "general"


@dataclass(frozen=True)
class SmsPreset:
    """What fills the form of a provider. `secrets` are those of user, password and key that it wants."""

    key: str
    name: str
    country: str
    secrets: tuple[str, ...]
    template: Mapping[str, Any] = field(hash=False)
    incoming: Mapping[str, str] = field(hash=False)


@cache
def list_sms_presets() -> tuple[SmsPreset, ...]:
    """All providers by name, after the empty form."""
    found = [_build(path.stem, json.loads(path.read_text("utf-8"))) for path in FOLDER.glob("*.json")]
    return tuple(sorted(found, key=lambda one: (one.key != GENERAL, one.name)))


def get_sms_preset(key: str) -> SmsPreset:
    """One provider's; the empty form where there is no such."""
    known = {one.key: one for one in list_sms_presets()}
    return known.get(key) or known[GENERAL]


def _build(key: str, told: dict[str, Any]) -> SmsPreset:
    return SmsPreset(
        key, told["name"], told["country"], tuple(told["secrets"]), told["template"], told["incoming"]
    )
