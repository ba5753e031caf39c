"""Tokens by which programs read in the name of a member of staff: made, found, revoked."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from vafa.data.staff.models import ApiToken, Staff
from vafa.data.staff.types import MoreThanOwn, ScopesMissing
from vafa.kit.audit import record
from vafa.kit.scopes import SCOPE_NEEDS, Scope

PREFIX = "vafa_"
HINT_LENGTH = 10
# Noting each use to the second would be a write for each question.
USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_token(
    staff: Staff, name: str, scopes: Iterable[Scope], *, days: int | None, now: datetime
) -> tuple[ApiToken, str]:
    """A token of this member of staff, and its text, which is told only now. Without `days` it does not expire.
    Raises ScopesMissing, and MoreThanOwn for what this person may not do."""
    wanted = set(scopes)
    chosen = [scope.value for scope in Scope if scope in wanted]
    if not chosen:
        raise ScopesMissing(_("Choose at least one thing that it may read."))
    if not all(SCOPE_NEEDS[scope] in staff.permissions for scope in wanted):
        raise MoreThanOwn(_("A token can't do more than you."), _("Choose only what you may do yourself."))
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        staff=staff,
        name=name,
        digest=_build_digest(text),
        hint=text[:HINT_LENGTH],
        scopes=chosen,
        created_at=now,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    record("token.made", by=staff, now=now, subject=f"token:{token.pk}", scopes=chosen)
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Any, now: datetime) -> None:
    """Let a token open nothing any more."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        record("token.revoked", by=by, now=now, subject=f"token:{token.pk}")


def note_token_used(token: ApiToken, now: datetime) -> None:
    """Keep when a token was last used, to the minute."""
    before = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    ApiToken.objects.filter(before, pk=token.pk).update(last_used_at=now)


def list_tokens() -> list[ApiToken]:
    """All tokens, the newest first."""
    return list(ApiToken.objects.select_related("staff__own_role"))


def find_token(text: str, now: datetime) -> ApiToken | None:
    """The token with this text; None if there is none, or if it has expired, was revoked, or its maker shut out."""
    found = ApiToken.objects.select_related("staff__own_role").filter(digest=_build_digest(text)).first()
    return found if found is not None and is_token_open(found, now) else None


def is_token_open(token: ApiToken, now: datetime) -> bool:
    """Whether a token opens anything now."""
    expired = token.expires_at is not None and now >= token.expires_at
    return token.revoked_at is None and not expired and token.staff.is_active


def _build_digest(text: str) -> str:
    # The text is long and random, so a plain digest can't be turned back.
    return hashlib.sha256(text.encode()).hexdigest()
