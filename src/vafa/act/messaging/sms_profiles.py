"""Reading the rules of text messages by country and provider (see sms_profiles/README.md)."""

import json
from datetime import time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from vafa.act.messaging.sms_rules import Signature, SmsLine, SmsProfile
from vafa.kit.locale.letters import fold_key

FOLDER = Path(__file__).parent / "sms_profiles"
WORLD = "world"


@cache
def list_sms_profiles() -> tuple[SmsProfile, ...]:
    """All profiles, by key: a country's general one before those of its providers, all other countries' last."""
    found = [_build(path.stem, json.loads(path.read_text("utf-8"))) for path in FOLDER.glob("*.json")]
    return tuple(sorted(found, key=lambda one: (one.country == WORLD, one.key)))


def find_sms_profile(key: str) -> SmsProfile | None:
    """One profile, or None."""
    return next((one for one in list_sms_profiles() if one.key == key), None)


def get_sms_profile(key: str) -> SmsProfile:
    """One profile; that for all other countries where there is no such key (any more)."""
    profile = find_sms_profile(key) or find_sms_profile(WORLD)
    assert profile is not None
    return profile


def suggest_sms_profile(country: str, kind: str) -> SmsProfile:
    """The profile that fits a country and a protocol best."""
    own = [one for one in list_sms_profiles() if one.country == country]
    return next((one for one in own if one.kind == kind), own[0] if own else get_sms_profile(WORLD))


def _build(key: str, told: dict[str, Any]) -> SmsProfile:
    opt_out, signature, sender = told["opt_out"], told["signature"], told["sender"]
    return SmsProfile(
        key=key,
        country=told["country"],
        provider=told["provider"],
        kind=told["kind"],
        sure=told["sure"],
        currency=told["currency"],
        latin_factor=Decimal(told["latin_factor"]),
        longest=told["longest"],
        lines={name: _build_line(name, one) for name, one in told["lines"].items()},
        opt_out_texts=opt_out["texts"],
        stop_words=frozenset(map(fold_key, opt_out["stop"])),
        back_words=frozenset(map(fold_key, opt_out["back"])),
        signature=Signature(**signature) if signature else None,
        sender_pattern=sender["pattern"],
        advertising_pattern=sender["advertising"],
        links=told["links"],
        patterns=told["patterns"],
    )


def _build_line(name: str, told: dict[str, Any]) -> SmsLine:
    window = told["window"]
    return SmsLine(
        name=name,
        purposes=frozenset(told["purposes"]),
        window=None if window is None else (time.fromisoformat(window[0]), time.fromisoformat(window[1])),
        replies=told["replies"],
        opt_out=frozenset(told["opt_out"]),
        reach=told["reach"],
    )
