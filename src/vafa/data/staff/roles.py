"""Roles, ready ones and the business's own: found, made, changed, removed, and given only by who has as much."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.staff.models import OwnRole, Staff
from vafa.data.staff.types import BadRole, GivenRole, MoreThanOwn, RoleInUse, RoleMissing
from vafa.kit.audit import record
from vafa.kit.permission_texts import describe_permission
from vafa.kit.permissions import (
    NEEDS_FIGURES,
    NOT_WITH_OWN_ONLY,
    ROLE_NAMES,
    ROLE_PERMISSIONS,
    Permission,
    Role,
    drop_blind,
)

OWN = "own:"


def list_roles() -> list[GivenRole]:
    """All roles, the ready ones first, from the widest to the narrowest."""
    ready = [_build_ready(role) for role in Role]
    return ready + [_build_own(own) for own in OwnRole.objects.all()]


def find_role(key: str) -> GivenRole | None:
    """The role with this key (`agent`, `own:3`); None if there is none."""
    if key in set(Role):
        return _build_ready(Role(key))
    number = key.removeprefix(OWN)
    if not key.startswith(OWN) or not number.isascii() or not number.isdecimal() or len(number) > 15:
        return None
    own = OwnRole.objects.filter(pk=int(number)).first()
    return None if own is None else _build_own(own)


def get_role(staff: Staff) -> GivenRole:
    """The role that somebody has."""
    return _build_ready(Role(staff.role)) if staff.own_role is None else _build_own(staff.own_role)


def can_give(by: Any, role: GivenRole) -> bool:
    """Whether somebody may give a role or change who has it: nobody gives more than they have, and only an owner
    makes owners. The operator's command line (None) may all."""
    if not isinstance(by, Staff) or _is_owner(by):
        return True
    return role.key != Role.OWNER and role.permissions <= by.permissions


def can_manage(by: Any, staff: Staff) -> bool:
    """Whether somebody may change, invite or shut out a member of staff: those with no more than they have."""
    return can_give(by, get_role(staff))


def check_may_give(by: Any, role: GivenRole) -> None:
    """Raises MoreThanOwn where one would give more than one has."""
    if not can_give(by, role):
        raise MoreThanOwn(
            _("The role %(role)s allows more than yours.") % {"role": role.name},
            _("Ask an owner to do it."),
        )


@transaction.atomic
def make_role(
    *, name: str, permissions: Iterable[Permission], own_only: bool, by: Any, now: datetime
) -> OwnRole:
    """A role of the business's own. Raises BadRole and MoreThanOwn."""
    role = _read(name, permissions, own_only)
    check_may_give(by, role)
    own = OwnRole.objects.create(
        name=role.name, permissions=_list(role.permissions), own_only=own_only, made_at=now
    )
    record(
        "role.made", by=by, now=now, subject=f"role:{own.pk}", permissions=own.permissions, own_only=own_only
    )
    return own


@transaction.atomic
def change_own_role(
    role_id: int, *, name: str, permissions: Iterable[Permission], own_only: bool, by: Any, now: datetime
) -> None:
    """Change what a role is called and allows, at once for all who have it. Raises as `make_role`, and RoleMissing."""
    own = _lock(role_id)
    check_may_give(by, _build_own(own))
    role = _read(name, permissions, own_only, but=role_id)
    check_may_give(by, role)
    before, after = set(own.permissions), set(_list(role.permissions))
    fields = [
        field
        for field, changed in (
            ("name", own.name != role.name),
            ("permissions", before != after),
            ("own_only", own.own_only != own_only),
        )
        if changed
    ]
    if not fields:
        return
    own.name, own.permissions, own.own_only = role.name, _list(role.permissions), own_only
    own.save(update_fields=["name", "permissions", "own_only"])
    record(
        "role.changed",
        by=by,
        now=now,
        subject=f"role:{role_id}",
        fields=fields,
        added=sorted(after - before),
        removed=sorted(before - after),
    )


@transaction.atomic
def remove_role(role_id: int, *, by: Any, now: datetime) -> None:
    """Remove a role that nobody has. Raises RoleMissing, RoleInUse and MoreThanOwn."""
    own = _lock(role_id)
    check_may_give(by, _build_own(own))
    if own.staff.exists():
        raise RoleInUse(
            _("Somebody still has the role %(role)s.") % {"role": own.name},
            _("Give them another role first."),
        )
    own.delete()
    record("role.removed", by=by, now=now, subject=f"role:{role_id}")


def _lock(role_id: int) -> OwnRole:
    own = OwnRole.objects.select_for_update().filter(pk=role_id).first()
    if own is None:
        raise RoleMissing(_("This role is no longer there."), _("Choose another one."))
    return own


def _read(name: str, permissions: Iterable[Permission], own_only: bool, but: int | None = None) -> GivenRole:
    """A role as it was asked for; raises BadRole where it can't be one."""
    name, chosen = " ".join(name.split()), frozenset(permissions)
    ready = {str(known).casefold() for known in ROLE_NAMES.values()}
    others = OwnRole.objects.all() if but is None else OwnRole.objects.exclude(pk=but)
    taken = others.filter(name__iexact=name).exists()
    if not name or taken or name.casefold() in ready:
        raise BadRole(_("Give the role a name that no other role has."), field="name")
    if not chosen:
        raise BadRole(_("Choose at least one permission."), field="permissions")
    if chosen & NEEDS_FIGURES and Permission.SEE_FIGURES not in chosen:
        raise BadRole(
            _("Whoever works with figures has to see them: choose “%(name)s” too.")
            % {"name": describe_permission(Permission.SEE_FIGURES)[0]},
            field="permissions",
        )
    if drop_blind(chosen) != chosen:
        raise BadRole(
            _("Whoever works with customers has to see them: choose “%(name)s” too.")
            % {"name": describe_permission(Permission.SEE_CUSTOMERS)[0]},
            field="permissions",
        )
    if own_only and chosen & NOT_WITH_OWN_ONLY:
        raise BadRole(
            _("Who sees only own customers can neither import, nor change the settings, nor manage staff."),
            field="own_only",
        )
    return GivenRole(OWN, name, chosen, own_only, is_ready=False)


def _list(permissions: frozenset[Permission]) -> list[str]:
    return [permission.value for permission in Permission if permission in permissions]


def _build_ready(role: Role) -> GivenRole:
    return GivenRole(role.value, str(ROLE_NAMES[role]), ROLE_PERMISSIONS[role], own_only=False, is_ready=True)


def _build_own(own: OwnRole) -> GivenRole:
    return GivenRole(f"{OWN}{own.pk}", own.name, own.get_permissions(), own.own_only, is_ready=False)


def _is_owner(staff: Staff) -> bool:
    return staff.own_role is None and staff.role == Role.OWNER
