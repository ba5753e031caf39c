"""Asking who signs in."""

from datetime import datetime

from vafa.data.staff.invitations import read_invitation
from vafa.data.staff.models import ApiToken, Staff
from vafa.data.staff.roles import can_give, can_manage, find_role, get_role, list_roles
from vafa.data.staff.second_step import (
    has_second_step,
    list_second_step_roles,
    list_with_second_step,
    needs_second_step,
)
from vafa.data.staff.sessions import list_sessions
from vafa.data.staff.tokens import find_token, is_token_open, list_tokens
from vafa.kit.permissions import Role

__all__ = [
    "ApiToken",
    "can_give",
    "can_manage",
    "find_invited",
    "find_role",
    "find_staff",
    "find_staff_by_id",
    "find_token",
    "forget_owner",
    "get_role",
    "has_owner",
    "has_second_step",
    "is_last_owner",
    "is_token_open",
    "list_roles",
    "list_second_step_roles",
    "list_sessions",
    "list_staff",
    "list_tokens",
    "list_with_second_step",
    "needs_second_step",
]

_owner_seen = False


def has_owner() -> bool:
    """Whether an owner can sign in. Asked at every request, so once seen it is remembered: the last owner
    can't be removed."""
    global _owner_seen  # noqa: PLW0603 - a memory of this process
    if not _owner_seen:
        _owner_seen = Staff.objects.filter(role=Role.OWNER, is_active=True).exists()
    return _owner_seen


def forget_owner() -> None:
    """Ask the database again the next time; for tests, whose databases come and go in one process."""
    global _owner_seen  # noqa: PLW0603 - a memory of this process
    _owner_seen = False


def list_staff() -> list[Staff]:
    """Everybody who signs in or did, the active first, by name."""
    return sorted(
        Staff.objects.select_related("own_role"),
        key=lambda staff: (not staff.is_active, str(staff).casefold()),
    )


def find_staff_by_id(staff_id: int) -> Staff | None:
    """One member of staff, or None."""
    return Staff.objects.filter(pk=staff_id).first()


def find_staff(email: str) -> Staff | None:
    """The member of staff with this e-mail address, whatever its case."""
    return Staff.objects.filter(email=email.strip().lower()).first()


def find_invited(token: str, now: datetime) -> Staff | None:
    """Whom an invitation is for; None if it is spent or was never given out."""
    return read_invitation(token, now)


def is_last_owner(staff: Staff) -> bool:
    """Whether nobody else could act as owner."""
    others = Staff.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=staff.pk)
    return staff.role == Role.OWNER and staff.is_active and not others.exists()
