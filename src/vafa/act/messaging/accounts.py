"""Sending accounts: keeping their secrets sealed, pausing and resuming them."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.db import transaction
from django.utils.translation import gettext as _

from vafa.act.messaging.models import Account, Message, Sending
from vafa.act.messaging.types import NoSuchMessage
from vafa.data.consent.types import Channel, Purpose
from vafa.kit.audit import record
from vafa.kit.home import get_home, get_made_secret

# What rows wait for until an account changes.
ACCOUNT_WHYS = (
    "no_account",
    "account_paused",
    "account_hours",
    "rate",
    "unreachable",
    "busy",
    "provider_asks",
    "credentials",
    "credit",
    "sender",
    "not_allowed",
)
KINDS = ("smtp", "anymail", "kavenegar", "sms_http", "bot", "staff")


def read_secrets(account: Account) -> dict[str, str]:
    """An account's secrets (password, key ...); none where the home's own secret is another one now."""
    if not account.secret:
        return {}
    try:
        return dict(json.loads(_build_cipher(str(get_home())).decrypt(account.secret.encode())))
    except InvalidToken:
        return {}


def seal(secrets: Mapping[str, str]) -> str:
    """Secrets as they are kept."""
    kept = {name: value for name, value in secrets.items() if value}
    return _build_cipher(str(get_home())).encrypt(json.dumps(kept).encode()).decode() if kept else ""


@lru_cache(maxsize=4)
def _build_cipher(_home: str) -> Fernet:
    key = hashlib.sha256(f"vafa.accounts.{get_made_secret('accounts.key')}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


@transaction.atomic
def add_account(
    name: str,
    channel: Channel,
    kind: str,
    *,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    purposes: Iterable[Purpose] = tuple(Purpose),
    rates: tuple[int | None, int | None, int | None] = (None, None, None),
    window: tuple[time, time] | None = None,
    profile: str = "",
    by: Any,
    now: datetime,
) -> Account:
    """A new account; `rates` are how many it sends at most in a second, a minute and a day."""
    account = Account(channel=str(channel), kind=kind, made_at=now)
    _fill(account, name, settings, secrets, purposes, rates, window, profile)
    account.save()
    record("account.added", by=by, now=now, subject=f"account:{account.pk}", kind=kind, channel=str(channel))
    return account


@transaction.atomic
def change_account(
    account_id: int,
    name: str,
    *,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str] | None,
    purposes: Iterable[Purpose],
    rates: tuple[int | None, int | None, int | None],
    window: tuple[time, time] | None,
    profile: str,
    by: Any,
    now: datetime,
) -> None:
    """Change an account; `secrets` None leaves them as they are. What it was tested for no longer holds."""
    account = _lock(account_id)
    kept = read_secrets(account) if secrets is None else secrets
    _fill(account, name, settings, kept, purposes, rates, window, profile)
    account.tested_at = None
    account.save()
    account.buckets.all().delete()
    _wake(now)
    record("account.changed", by=by, now=now, subject=f"account:{account_id}")


def _fill(
    account: Account,
    name: str,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    purposes: Iterable[Purpose],
    rates: tuple[int | None, int | None, int | None],
    window: tuple[time, time] | None,
    profile: str,
) -> None:
    account.name, account.settings, account.profile = name, dict(settings), profile
    account.secret, account.purposes = seal(secrets), [str(one) for one in purposes]
    account.rate_second, account.rate_minute, account.rate_day = rates
    account.window_from, account.window_until = window or (None, None)


@transaction.atomic
def pause_account(account_id: int, *, why: str, answer: str = "", by: Any, now: datetime) -> bool:
    """Let an account send nothing until somebody resumes it; whether it was sending. Its rows stay."""
    account = _lock(account_id)
    if account.paused_at is not None:
        return False
    account.paused_at, account.paused_why, account.paused_answer = now, why, answer[:500]
    account.paused_by = by if getattr(by, "pk", None) else None
    account.save(update_fields=["paused_at", "paused_why", "paused_answer", "paused_by"])
    record("account.paused", by=by, now=now, subject=f"account:{account_id}", why=why)
    return True


@transaction.atomic
def resume_account(account_id: int, *, by: Any, now: datetime) -> bool:
    """Let a paused account go on with its rows; whether it was paused."""
    account = _lock(account_id)
    if account.paused_at is None and account.retry_at is None:
        return False
    account.paused_at, account.paused_why, account.paused_answer, account.paused_by = None, "", "", None
    account.failures, account.retry_at = 0, None
    account.save(
        update_fields=["paused_at", "paused_why", "paused_answer", "paused_by", "failures", "retry_at"]
    )
    _wake(now)
    record("account.resumed", by=by, now=now, subject=f"account:{account_id}")
    return True


@transaction.atomic
def remove_account(account_id: int, *, by: Any, now: datetime) -> None:
    """Take an account away, with its secrets. What waits for it goes by another one, or waits."""
    account = _lock(account_id)
    account.removed_at, account.secret = now, ""
    account.save(update_fields=["removed_at", "secret"])
    record("account.removed", by=by, now=now, subject=f"account:{account_id}")


@transaction.atomic
def note_tested(account_id: int, *, by: Any, now: datetime) -> None:
    """Somebody has got the test that this account sent."""
    account = _lock(account_id)
    account.tested_at = now
    account.save(update_fields=["tested_at"])
    record("account.tested", by=by, now=now, subject=f"account:{account_id}")


def _wake(now: datetime) -> None:
    """Let messages that waited because of an account be looked at again, and those of their rows that say so."""
    waits = Message.objects.filter(state="running").exclude(next_at=None)
    told = Sending.objects.filter(message__in=waits, state="pending", not_before__gt=now)
    told.filter(why__in=ACCOUNT_WHYS).update(not_before=now, why="")
    waits.update(next_at=now, why="")


def _lock(account_id: int) -> Account:
    found = Account.objects.select_for_update().filter(pk=account_id, removed_at=None).first()
    if found is None:
        raise NoSuchMessage(_("There is no such sending account any more."))
    return found
