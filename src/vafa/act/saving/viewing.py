"""Who sees which cases, and to whom one can be given."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from vafa.act.followups.queries import list_assignable, sees_own_only
from vafa.act.followups.types import AssigneeBlind, Viewer
from vafa.act.saving.types import CaseUnusable


def build_visible(viewer: Viewer) -> Q:
    """The cases that somebody may see: all, or those of customers they look after (as merged)."""
    if not viewer.own_only:
        return Q()
    return Q(customer__kept=None, customer__owner=viewer.staff_id) | Q(customer__kept__owner=viewer.staff_id)


def check_owner(staff_id: int, owners: Iterable[int | None]) -> Any:
    """The member of staff who is to save customers of these owners. Raises CaseUnusable for who can't be given any,
    AssigneeBlind for who may not see all of these customers."""
    staff = next((one for one in list_assignable() if one.pk == staff_id), None)
    if staff is None:
        raise CaseUnusable(_("This person can't be given tasks."), field="owner")
    if any(owner != staff.pk for owner in owners) and sees_own_only(staff):
        raise AssigneeBlind(
            _("%(name)s sees own customers only, and this one is not among them.") % {"name": staff},
            _("Give them the customer first, or choose somebody else."),
            field="owner",
        )
    return staff
