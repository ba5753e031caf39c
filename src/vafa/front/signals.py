"""Sign-ins and lock-outs, as they are noted in the audit trail."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from vafa.data.staff.queries import find_staff
from vafa.front.address import get_address
from vafa.kit import clock
from vafa.kit.audit import record


def connect() -> None:
    """Listen from now on."""
    user_logged_in.connect(_note_sign_in, dispatch_uid="vafa.sign_in")
    user_locked_out.connect(_note_lock_out, dispatch_uid="vafa.lock_out")
    for signal, action in (
        (authenticator_added, "staff.second_step_added"),
        (authenticator_removed, "staff.second_step_removed"),
        (authenticator_reset, "staff.recovery_codes_made"),
        (authentication_failed, "staff.second_step_failed"),
    ):
        signal.connect(_build_note(action), weak=False, dispatch_uid=f"vafa.{action}")


def _build_note(action: str) -> Callable[..., None]:
    def note(request: HttpRequest, user: Any, authenticator: Any = None, **_more: Any) -> None:
        kind = {} if authenticator is None else {"kind": str(authenticator.type)}
        record(
            action,
            by=user,
            now=clock.now(),
            subject=f"staff:{user.pk}",
            address=get_address(request),
            **kind,
        )

    return note


def _note_sign_in(request: HttpRequest | None = None, user: Any = None, **_more: Any) -> None:
    address = get_address(request) if request is not None else None
    record("staff.signed_in", by=user, now=clock.now(), subject=f"staff:{user.pk}", address=address)


def _note_lock_out(request: HttpRequest | None = None, username: str | None = None, **_more: Any) -> None:
    staff = find_staff(username or "")
    subject = f"staff:{staff.pk}" if staff else ""
    address = get_address(request) if request is not None else None
    record("staff.locked_out", by=staff, now=clock.now(), subject=subject, address=address)
