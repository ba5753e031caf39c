"""The second step at sign-in: who has one, which roles need one, and taking it from somebody who lost the device."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from vafa.data.staff.models import SignInRules, Staff
from vafa.data.staff.roles import check_may_give, find_role, get_role
from vafa.kit.audit import record

# Recovery codes alone are no second step: they come with one.
_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_step(staff: Staff) -> bool:
    """Whether somebody has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=staff, type__in=_STEPS).exists())


def list_with_second_step() -> set[int]:
    """The ids of all who have one."""
    return set(Authenticator.objects.filter(type__in=_STEPS).values_list("user_id", flat=True))


def list_second_step_roles() -> list[str]:
    """The keys of the roles that need a second step."""
    rules = SignInRules.objects.first()
    return [] if rules is None else list(rules.second_step_roles)


def needs_second_step(staff: Staff) -> bool:
    """Whether somebody must set up a second step before anything else."""
    return get_role(staff).key in list_second_step_roles() and not has_second_step(staff)


@transaction.atomic
def require_second_step(keys: Iterable[str], *, by: Any, now: datetime) -> None:
    """Say which roles need a second step, by their keys. Raises MoreThanOwn where that would change it for a role that
    allows more than one's own: whoever may not make owners may not make their sign-in weaker either."""
    wanted, before = sorted(set(keys)), sorted(list_second_step_roles())
    if wanted == before:
        return
    for key in set(wanted) ^ set(before):
        if (role := find_role(key)) is not None:
            check_may_give(by, role)
    SignInRules.objects.update_or_create(pk=1, defaults={"second_step_roles": wanted})
    record("staff.second_step_required", by=by, now=now, roles=wanted)


@transaction.atomic
def remove_second_step(staff: Staff, *, by: Any, now: datetime) -> None:
    """Take the second step, and the recovery codes, from somebody who lost the device. Raises MoreThanOwn."""
    check_may_give(by, get_role(staff))
    if Authenticator.objects.filter(user=staff).delete()[0]:
        record("staff.second_step_taken", by=by, now=now, subject=f"staff:{staff.pk}")
