"""Roles of the business's own: what they allow, and that nobody gives more than they have."""

from datetime import UTC, datetime

import pytest

from vafa.data.staff.actions import (
    add_staff,
    change_own_role,
    change_role,
    deactivate_staff,
    invite,
    make_role,
    make_token,
    reactivate_staff,
    remove_role,
    require_second_step,
)
from vafa.data.staff.models import OwnRole, Staff
from vafa.data.staff.queries import find_role, get_role, list_second_step_roles
from vafa.data.staff.types import BadRole, LastOwner, MoreThanOwn, RoleInUse, RoleMissing
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Permission, Role, may
from vafa.kit.scopes import Scope

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
P = Permission


@pytest.fixture
def owner() -> Staff:
    return Staff.objects.create_user("owner@x.example", role=Role.OWNER, created_at=NOW)


def hire(owner: Staff, email: str, *permissions: Permission, own_only: bool = False) -> Staff:
    """Somebody with a role of these permissions."""
    own = make_role(name=f"Role of {email}", permissions=permissions, own_only=own_only, by=owner, now=NOW)
    return add_staff(email=email, role=f"own:{own.pk}", by=owner, now=NOW)


def test_an_own_role_allows_exactly_its_permissions(owner: Staff) -> None:
    clerk = hire(owner, "clerk@x.example", P.SEE_CUSTOMERS, P.EXPORT, own_only=True)
    assert {permission for permission in P if may(clerk, permission)} == {P.SEE_CUSTOMERS, P.EXPORT}
    assert clerk.sees_own_only(agents_own_only=False)
    agent = add_staff(email="agent@x.example", role=Role.AGENT, by=owner, now=NOW)
    assert agent.sees_own_only(agents_own_only=True)
    assert not agent.sees_own_only(agents_own_only=False)
    change_role(clerk, Role.MANAGER, by=owner, now=NOW)
    assert not Staff.objects.get(pk=clerk.pk).sees_own_only(agents_own_only=True)


def test_a_changed_role_holds_at_once_and_a_removed_permission_is_gone(owner: Staff) -> None:
    clerk = hire(owner, "clerk@x.example", P.SEE_CUSTOMERS, P.EXPORT)
    assert clerk.own_role is not None
    number = clerk.own_role.pk
    change_own_role(number, name="Clerk", permissions=[P.SEE_CUSTOMERS], own_only=False, by=owner, now=NOW)
    assert not may(Staff.objects.get(pk=clerk.pk), P.EXPORT)
    entry = AuditEntry.objects.get(action="role.changed")
    assert entry.details == {"fields": ["name", "permissions"], "added": [], "removed": ["export"]}
    with pytest.raises(RoleInUse):
        remove_role(number, by=owner, now=NOW)
    change_role(clerk, Role.AGENT, by=owner, now=NOW)
    remove_role(number, by=owner, now=NOW)
    assert find_role(f"own:{number}") is None
    with pytest.raises(RoleMissing):
        change_role(clerk, f"own:{number}", by=owner, now=NOW)


@pytest.mark.parametrize(
    ("name", "permissions", "own_only", "field"),
    [
        (" ", [P.EXPORT], False, "name"),
        ("owner", [P.EXPORT], False, "name"),
        ("CLERK", [P.EXPORT], False, "name"),
        ("New", [], False, "permissions"),
        ("New", [P.SEE_CUSTOMERS, P.IMPORT], True, "own_only"),
        ("New", [P.MANAGE_STAFF], True, "own_only"),
        ("New", [P.WORK_TASKS, P.EXPORT], False, "permissions"),
    ],
)
def test_what_can_not_be_a_role_names_its_field(
    owner: Staff, name: str, permissions: list[Permission], own_only: bool, field: str
) -> None:
    make_role(name="Clerk", permissions=[P.EXPORT], own_only=False, by=owner, now=NOW)
    with pytest.raises(BadRole) as told:
        make_role(name=name, permissions=permissions, own_only=own_only, by=owner, now=NOW)
    assert told.value.details["field"] == field


def test_nobody_gives_more_than_they_have(owner: Staff) -> None:
    head = hire(owner, "head@x.example", P.MANAGE_STAFF, P.SEE_CUSTOMERS)
    assert head.own_role is not None
    wide = make_role(name="Wide", permissions=[P.EXPORT], own_only=False, by=owner, now=NOW)
    analyst = add_staff(email="a@x.example", role=Role.ANALYST, by=owner, now=NOW)
    clerk = hire(owner, "clerk@x.example", P.SEE_CUSTOMERS)
    for attempt in (
        lambda: add_staff(email="new@x.example", role=Role.OWNER, by=head, now=NOW),
        lambda: change_role(head, Role.OWNER, by=head, now=NOW),
        lambda: change_role(clerk, f"own:{wide.pk}", by=head, now=NOW),
        lambda: change_own_role(
            head.own_role.pk, name="Head", permissions=set(P), own_only=False, by=head, now=NOW
        ),
        lambda: change_own_role(
            wide.pk, name="Wide", permissions=[P.SEE_CUSTOMERS], own_only=False, by=head, now=NOW
        ),
        lambda: make_role(name="Mine", permissions=[P.EXPORT], own_only=False, by=head, now=NOW),
        lambda: invite(owner, by=head, now=NOW),
        lambda: invite(analyst, by=head, now=NOW),
        lambda: deactivate_staff(owner, by=head, now=NOW),
        lambda: reactivate_staff(analyst, by=head, now=NOW),
        lambda: remove_role(wide.pk, by=head, now=NOW),
    ):
        with pytest.raises(MoreThanOwn):
            attempt()
    deactivate_staff(clerk, by=head, now=NOW)
    assert not Staff.objects.get(pk=clerk.pk).is_active


def test_work_with_customers_allows_nothing_to_who_may_not_see_them(owner: Staff) -> None:
    clerk = hire(owner, "clerk@x.example", P.SEE_CUSTOMERS, P.WORK_TASKS, P.SEE_FIGURES)
    # A role of an earlier version, or of a restored backup.
    OwnRole.objects.update(permissions=[P.WORK_TASKS, P.ERASE_CUSTOMERS, P.SEE_FIGURES])
    assert Staff.objects.get(pk=clerk.pk).permissions == {P.SEE_FIGURES}


def test_nobody_makes_the_sign_in_of_those_above_weaker(owner: Staff) -> None:
    head = hire(owner, "head@x.example", P.MANAGE_STAFF, P.SEE_FIGURES, P.SEE_CUSTOMERS)
    require_second_step([Role.OWNER], by=owner, now=NOW)
    with pytest.raises(MoreThanOwn):
        require_second_step([], by=head, now=NOW)
    require_second_step([Role.OWNER, Role.READ_ONLY], by=head, now=NOW)
    assert set(list_second_step_roles()) == {Role.OWNER, Role.READ_ONLY}


def test_a_role_with_every_permission_is_still_no_owner(owner: Staff) -> None:
    all_of_it = hire(owner, "all@x.example", *P)
    with pytest.raises(MoreThanOwn):
        change_role(all_of_it, Role.OWNER, by=all_of_it, now=NOW)
    with pytest.raises(LastOwner):
        change_role(owner, Role.AGENT, by=owner, now=NOW)
    assert get_role(owner).key == Role.OWNER


def test_a_token_reads_no_more_than_its_maker(owner: Staff) -> None:
    clerk = hire(owner, "clerk@x.example", P.CHANGE_SETTINGS, P.SEE_FIGURES)
    with pytest.raises(MoreThanOwn):
        make_token(clerk, "mine", [Scope.READ_CUSTOMERS], days=None, now=NOW)
    assert make_token(clerk, "mine", [Scope.READ_METRICS], days=None, now=NOW)[0].scopes == ["read:metrics"]


@pytest.mark.parametrize("key", ["", "own:", "own:x", "own:-1", "own:۱", "own:9" + "9" * 30, "king"])
def test_no_such_role(key: str) -> None:
    assert find_role(key) is None
