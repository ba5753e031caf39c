"""Letting people in, changing what they may, shutting them out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from vafa.config.settings import PASSWORD_HASHERS
from vafa.data.staff.actions import (
    accept_invitation,
    add_staff,
    change_role,
    create_owner,
    deactivate_staff,
    invite,
    reactivate_staff,
    set_password,
)
from vafa.data.staff.models import Staff
from vafa.data.staff.queries import find_invited, forget_owner, has_owner, list_staff
from vafa.data.staff.types import InvitationSpent, LastOwner, OwnerExists, StaffExists, WeakPassword
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
GOOD = "a long walk in the rain"


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    forget_owner()
    yield
    forget_owner()


@pytest.fixture
def owner() -> Staff:
    return create_owner(email="Owner@Example.com", password=GOOD, now=NOW)


def test_the_first_owner_is_the_only_one_made_so(owner: Staff) -> None:
    assert owner.email == "owner@example.com"
    assert owner.check_password(GOOD)
    assert has_owner()
    with pytest.raises(OwnerExists):
        create_owner(email="second@example.com", password=GOOD, now=NOW)


def test_without_an_owner_there_is_none() -> None:
    assert not has_owner()


@pytest.mark.parametrize("password", ["short", "1234567890", "password123"])
def test_weak_passwords_are_refused_and_leave_nothing(password: str) -> None:
    with pytest.raises(WeakPassword):
        create_owner(email="owner@example.com", password=password, now=NOW)
    assert not Staff.objects.exists()
    assert not AuditEntry.objects.exists()


def test_an_address_signs_in_only_one_person(owner: Staff) -> None:
    with pytest.raises(StaffExists):
        add_staff(email="OWNER@example.COM", role=Role.AGENT, by=owner, now=NOW)


def test_the_last_owner_stays(owner: Staff) -> None:
    with pytest.raises(LastOwner):
        change_role(owner, Role.MANAGER, by=owner, now=NOW)
    with pytest.raises(LastOwner):
        deactivate_staff(owner, by=owner, now=NOW)
    second = add_staff(email="b@example.com", role=Role.OWNER, password=GOOD, by=owner, now=NOW)
    change_role(owner, Role.MANAGER, by=second, now=NOW)
    assert Staff.objects.get(pk=owner.pk).role == Role.MANAGER
    with pytest.raises(LastOwner):
        deactivate_staff(second, by=second, now=NOW)


def test_a_shut_out_owner_does_not_count(owner: Staff) -> None:
    second = add_staff(email="b@example.com", role=Role.OWNER, password=GOOD, by=owner, now=NOW)
    deactivate_staff(second, by=owner, now=NOW)
    with pytest.raises(LastOwner):
        deactivate_staff(owner, by=owner, now=NOW)
    reactivate_staff(second, by=owner, now=NOW)
    deactivate_staff(owner, by=second, now=NOW)
    assert [staff.email for staff in list_staff()] == ["b@example.com", "owner@example.com"]


def test_an_invitation_works_once(owner: Staff) -> None:
    invited = add_staff(email="new@example.com", role=Role.ANALYST, by=owner, now=NOW)
    token = invite(invited, by=owner, now=NOW)
    assert not invited.has_usable_password()
    accepted = accept_invitation(token, password=GOOD, name="Mina", now=NOW + timedelta(days=6))
    assert accepted.check_password(GOOD)
    assert accepted.name == "Mina"
    with pytest.raises(InvitationSpent):
        accept_invitation(token, password=GOOD, now=NOW + timedelta(days=6))


def test_an_invitation_ends_after_seven_days(owner: Staff) -> None:
    invited = add_staff(email="new@example.com", role=Role.ANALYST, by=owner, now=NOW)
    token = invite(invited, by=owner, now=NOW)
    assert find_invited(token, NOW + timedelta(days=7, seconds=-1)) == invited
    assert find_invited(token, NOW + timedelta(days=7)) is None


def test_an_invitation_is_spent_by_a_password_a_shut_door_and_a_changed_letter(owner: Staff) -> None:
    invited = add_staff(email="new@example.com", role=Role.ANALYST, by=owner, now=NOW)
    token = invite(invited, by=owner, now=NOW)
    assert find_invited(token[:-1] + ("A" if token[-1] != "A" else "B"), NOW) is None
    assert find_invited("nonsense", NOW) is None
    deactivate_staff(invited, by=owner, now=NOW)
    assert find_invited(token, NOW) is None
    reactivate_staff(invited, by=owner, now=NOW)
    assert find_invited(token, NOW) == invited
    set_password(invited, GOOD, by=owner, now=NOW)
    assert find_invited(token, NOW) is None


def test_every_change_is_in_the_trail_without_names(owner: Staff) -> None:
    staff = add_staff(email="new@example.com", name="Mina", role=Role.AGENT, by=owner, now=NOW)
    change_role(staff, Role.ANALYST, by=owner, now=NOW)
    change_role(staff, Role.ANALYST, by=owner, now=NOW)
    deactivate_staff(staff, by=owner, now=NOW)
    entries = list(AuditEntry.objects.order_by("id"))
    assert [entry.action for entry in entries] == [
        "staff.owner_created",
        "staff.added",
        "staff.role_changed",
        "staff.deactivated",
    ]
    written = " ".join(f"{entry.subject} {entry.details}" for entry in entries)
    assert "Mina" not in written
    assert "@" not in written


@override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS)
def test_passwords_are_kept_by_argon2(owner: Staff) -> None:
    """The other tests keep them weakly, to be quick; here is what people get."""
    set_password(owner, "another walk in the snow", by=owner, now=NOW)
    assert owner.password.startswith("argon2$argon2id$")
    assert owner.check_password("another walk in the snow")
    assert not owner.check_password(GOOD)
