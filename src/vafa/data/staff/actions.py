"""Letting people in and shutting them out. Each change is one transaction with its line in the audit trail."""

from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from vafa.data.staff.invitations import RESET_VALID_FOR, VALID_FOR, build_invitation, read_invitation
from vafa.data.staff.models import Staff
from vafa.data.staff.queries import find_staff, is_last_owner
from vafa.data.staff.roles import (
    OWN,
    change_own_role,
    check_may_give,
    find_role,
    get_role,
    make_role,
    remove_role,
)
from vafa.data.staff.second_step import remove_second_step, require_second_step
from vafa.data.staff.sessions import (
    SEEN_EVERY,
    end_session,
    end_sessions,
    forget_ended,
    note_session,
    sign_out_everywhere,
)
from vafa.data.staff.tokens import make_token, note_token_used, revoke_token
from vafa.data.staff.types import (
    GivenRole,
    InvitationSpent,
    LastOwner,
    OwnerExists,
    RoleMissing,
    StaffExists,
    WeakPassword,
)
from vafa.kit.audit import record
from vafa.kit.permissions import Role

__all__ = [
    "SEEN_EVERY",
    "accept_invitation",
    "add_staff",
    "build_reset_link",
    "change_own_details",
    "change_own_role",
    "change_role",
    "create_owner",
    "deactivate_staff",
    "end_session",
    "end_sessions",
    "forget_ended",
    "invite",
    "make_role",
    "make_token",
    "note_session",
    "note_token_used",
    "reactivate_staff",
    "remove_role",
    "remove_second_step",
    "require_second_step",
    "revoke_invitation",
    "revoke_token",
    "set_password",
    "sign_out_everywhere",
]


@transaction.atomic
def create_owner(
    *,
    email: str,
    password: str,
    now: datetime,
    name: str = "",
    language: str = "",
    address: str | None = None,
) -> Staff:
    """Make the first owner. Raises OwnerExists and WeakPassword."""
    if Staff.objects.filter(role=Role.OWNER, is_active=True).exists():
        raise OwnerExists(
            _("This installation has an owner already."), _("Sign in, or ask the owner to invite you.")
        )
    staff = _make(email, _get_role(Role.OWNER), now, name=name, language=language, password=password)
    record("staff.owner_created", by=staff, now=now, subject=_subject(staff), address=address)
    return staff


@transaction.atomic
def add_staff(
    *, email: str, role: str, by: Any, now: datetime, name: str = "", password: str | None = None
) -> Staff:
    """Let somebody in with a role (its key). Without a password they need an invitation. Raises StaffExists,
    WeakPassword, RoleMissing and MoreThanOwn."""
    given = _get_role(role)
    check_may_give(by, given)
    staff = _make(email, given, now, name=name, password=password)
    record("staff.added", by=by, now=now, subject=_subject(staff), role=given.key)
    return staff


@transaction.atomic
def invite(staff: Staff, *, by: Any, now: datetime) -> str:
    """The token of a link by which this person sets a password; the link is valid for seven days, once, and any
    earlier one opens nothing any more. Raises MoreThanOwn: the link would open what they may."""
    check_may_give(by, get_role(staff))
    _next_link(staff, now + VALID_FOR)
    record("staff.invited", by=by, now=now, subject=_subject(staff))
    return build_invitation(staff, now)


@transaction.atomic
def revoke_invitation(staff: Staff, *, by: Any, now: datetime) -> None:
    """Let no link that this person was given open anything. Raises MoreThanOwn."""
    check_may_give(by, get_role(staff))
    _next_link(staff, None)
    record("staff.invitation_revoked", by=by, now=now, subject=_subject(staff))


def _next_link(staff: Staff, until: datetime | None) -> None:
    Staff.objects.filter(pk=staff.pk).update(link_number=F("link_number") + 1, invited_until=until)
    staff.refresh_from_db(fields=["link_number", "invited_until"])


@transaction.atomic
def build_reset_link(staff: Staff, *, by: Any, now: datetime) -> str:
    """The token of a link by which somebody who forgot the password sets a new one within an hour, once. `by` is
    that person, or None for the operator's command line."""
    record("staff.reset_asked", by=by, now=now, subject=_subject(staff))
    return build_invitation(staff, now, RESET_VALID_FOR)


@transaction.atomic
def accept_invitation(token: str, *, password: str, now: datetime, name: str = "") -> Staff:
    """Set the invited person's password. Raises InvitationSpent and WeakPassword."""
    staff = read_invitation(token, now)
    if staff is None:
        raise InvitationSpent(
            _("This invitation is no longer valid."), _("Ask whoever invited you for a new link.")
        )
    staff.name = name.strip() or staff.name
    _set_password(staff, password)
    staff.invited_until = None
    staff.save(update_fields=["name", "password", "invited_until"])
    record("staff.invitation_accepted", by=staff, now=now, subject=_subject(staff))
    return staff


@transaction.atomic
def change_role(staff: Staff, role: str, *, by: Any, now: datetime) -> None:
    """Give somebody another role, by its key. Raises LastOwner, RoleMissing and MoreThanOwn."""
    before, given = get_role(staff), _get_role(role)
    if given.key == before.key:
        return
    check_may_give(by, before)
    check_may_give(by, given)
    _keep_an_owner(staff)
    _give(staff, given)
    staff.save(update_fields=["role", "own_role"])
    record("staff.role_changed", by=by, now=now, subject=_subject(staff), before=before.key, after=given.key)


@transaction.atomic
def deactivate_staff(staff: Staff, *, by: Any, now: datetime) -> None:
    """Shut somebody out, at once and everywhere; what they did stays. Raises LastOwner and MoreThanOwn."""
    check_may_give(by, get_role(staff))
    _keep_an_owner(staff)
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    end_sessions(staff)
    record("staff.deactivated", by=by, now=now, subject=_subject(staff))


@transaction.atomic
def reactivate_staff(staff: Staff, *, by: Any, now: datetime) -> None:
    """Let somebody in again, with the password they had. Raises MoreThanOwn."""
    check_may_give(by, get_role(staff))
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    record("staff.reactivated", by=by, now=now, subject=_subject(staff))


@transaction.atomic
def change_own_details(staff: Staff, *, name: str, language: str, now: datetime) -> None:
    """Change one's own name and language (empty: the business's)."""
    changed = [
        field for field, value in (("name", name), ("language", language)) if getattr(staff, field) != value
    ]
    staff.name, staff.language = name, language
    staff.save(update_fields=["name", "language"])
    if changed:
        record("staff.details_changed", by=staff, now=now, subject=_subject(staff), fields=changed)


def set_password(staff: Staff, password: str, *, by: Any, now: datetime) -> None:
    """Set a password for somebody. Raises WeakPassword."""
    with transaction.atomic():
        _set_password(staff, password)
        staff.save(update_fields=["password"])
        record("staff.password_set", by=by, now=now, subject=_subject(staff))


def _make(
    email: str, role: GivenRole, now: datetime, *, name: str, language: str = "", password: str | None
) -> Staff:
    if find_staff(email) is not None:
        raise StaffExists(_("Somebody signs in with %(email)s already.") % {"email": email})
    staff = Staff(email=email.strip().lower(), name=name.strip(), language=language, created_at=now)
    _give(staff, role)
    if password is None:
        staff.set_unusable_password()
    else:
        _set_password(staff, password)
    staff.save()
    return staff


def _get_role(key: str) -> GivenRole:
    role = find_role(key)
    if role is None:
        raise RoleMissing(_("This role is no longer there."), _("Choose another one."))
    return role


def _give(staff: Staff, role: GivenRole) -> None:
    staff.role = Role(role.key) if role.is_ready else Role.READ_ONLY
    staff.own_role_id = None if role.is_ready else int(role.key.removeprefix(OWN))


def _set_password(staff: Staff, password: str) -> None:
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from error
    staff.set_password(password)


def _keep_an_owner(staff: Staff) -> None:
    # On PostgreSQL two owners could demote each other at once: lock all owners first, in one order.
    list(Staff.objects.select_for_update().filter(role=Role.OWNER).order_by("pk").values_list("pk"))
    staff.refresh_from_db()
    if is_last_owner(staff):
        raise LastOwner(
            _("%(name)s is the only owner.") % {"name": staff}, _("Make somebody else an owner first.")
        )


def _subject(staff: Staff) -> str:
    return f"staff:{staff.pk}"
