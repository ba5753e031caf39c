"""Who sees which tasks."""

from typing import Any

from django.db.models import Q

from vafa.act.followups.types import Viewer
from vafa.data.business.queries import get_business
from vafa.data.staff.queries import list_staff
from vafa.kit.permissions import Permission
from vafa.measure.metrics.queries import get_owner_id


def get_viewer(staff: Any) -> Viewer:
    """The eyes of a member of staff."""
    return Viewer(int(staff.pk), sees_own_only(staff))


def sees_own_only(staff: Any) -> bool:
    """Whether somebody is limited to own customers."""
    return get_owner_id(staff, get_business()) is not None


def build_visible(viewer: Viewer) -> Q:
    """The tasks that somebody may see: of customers they look after (as merged), and their own about nobody."""
    if not viewer.own_only:
        return Q()
    own = Q(customer__kept=None, customer__owner=viewer.staff_id) | Q(customer__kept__owner=viewer.staff_id)
    return own | Q(customer=None, assignee=viewer.staff_id)


def list_assignable() -> list[Any]:
    """Who can be given tasks: everybody who signs in and may work on them, by name."""
    return [staff for staff in list_staff() if staff.is_active and staff.may(Permission.WORK_TASKS)]
