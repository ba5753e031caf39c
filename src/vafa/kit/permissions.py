"""Who may do what: permissions, the ready roles, and the one line by which a view or command checks."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One thing that a member of staff may or may not do."""

    SEE_FIGURES = "see_figures"
    SEE_CUSTOMERS = "see_customers"
    EXPORT = "export"
    IMPORT = "import"
    UNDO_IMPORT = "undo_import"
    EDIT_CUSTOMERS = "edit_customers"
    WORK_TASKS = "work_tasks"
    ASSIGN_TASKS = "assign_tasks"
    EDIT_RULES = "edit_rules"
    WRITE_NOTES = "write_notes"
    EDIT_ALL_NOTES = "edit_all_notes"
    ASSIGN_CUSTOMERS = "assign_customers"
    EDIT_REPORTS = "edit_reports"
    EDIT_SHARED_REPORTS = "edit_shared_reports"
    SET_TARGETS = "set_targets"
    MANAGE_MODELS = "manage_models"
    EDIT_SEGMENTS = "edit_segments"
    EDIT_CONSENT = "edit_consent"
    EDIT_MESSAGES = "edit_messages"
    SEND_MESSAGES = "send_messages"
    EXPORT_PERSON = "export_person"
    ERASE_CUSTOMERS = "erase_customers"
    CHANGE_SETTINGS = "change_settings"
    MANAGE_SENDING = "manage_sending"
    MANAGE_STAFF = "manage_staff"


class Role(StrEnum):
    """The ready roles, from the widest to the narrowest."""

    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    ANALYST = "analyst"
    READ_ONLY = "read_only"


ROLE_NAMES = {
    Role.OWNER: _("Owner"),
    Role.MANAGER: _("Manager"),
    Role.AGENT: _("Agent"),
    Role.ANALYST: _("Analyst"),
    Role.READ_ONLY: _("Read only"),
}

_SEE = frozenset({Permission.SEE_FIGURES, Permission.SEE_CUSTOMERS})
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: frozenset(Permission)
    - {
        Permission.MANAGE_STAFF,
        Permission.CHANGE_SETTINGS,
        Permission.MANAGE_SENDING,
        Permission.ERASE_CUSTOMERS,
    },
    Role.AGENT: _SEE
    | {
        Permission.EDIT_CUSTOMERS,
        Permission.WRITE_NOTES,
        Permission.EDIT_CONSENT,
        Permission.WORK_TASKS,
    },
    Role.ANALYST: _SEE
    | {
        Permission.EXPORT,
        Permission.EDIT_REPORTS,
        Permission.EDIT_SEGMENTS,
        Permission.SET_TARGETS,
        Permission.MANAGE_MODELS,
    },
    Role.READ_ONLY: _SEE,
}

# These show or change what belongs to everybody: a file holds anyone's customers, the audit trail anyone's ids. Who is
# limited to own customers can't have them.
NOT_WITH_OWN_ONLY = frozenset(
    {
        Permission.IMPORT,
        Permission.UNDO_IMPORT,
        Permission.EDIT_RULES,
        Permission.MANAGE_MODELS,
        Permission.EDIT_MESSAGES,
        Permission.SEND_MESSAGES,
        Permission.MANAGE_SENDING,
        Permission.ERASE_CUSTOMERS,
        Permission.CHANGE_SETTINGS,
        Permission.MANAGE_STAFF,
    }
)

# What these open tells of customers by name: a task, a form, a proposal. Without SEE_CUSTOMERS they allow nothing.
NEEDS_SEEING = frozenset(
    {
        Permission.EDIT_CUSTOMERS,
        Permission.WORK_TASKS,
        Permission.ASSIGN_TASKS,
        Permission.WRITE_NOTES,
        Permission.EDIT_ALL_NOTES,
        Permission.ASSIGN_CUSTOMERS,
        Permission.EDIT_SEGMENTS,
        Permission.SEND_MESSAGES,
        Permission.EDIT_CONSENT,
        Permission.EXPORT_PERSON,
        Permission.ERASE_CUSTOMERS,
    }
)

# What these open is made of figures.
NEEDS_FIGURES = frozenset({Permission.EDIT_REPORTS, Permission.EDIT_SHARED_REPORTS, Permission.SET_TARGETS})

View = Callable[..., HttpResponseBase]


def drop_blind(permissions: frozenset[Permission]) -> frozenset[Permission]:
    """The permissions that allow anything together: none of NEEDS_SEEING for who may not see customers, nor of
    NEEDS_FIGURES for who may not see figures."""
    if Permission.SEE_CUSTOMERS not in permissions:
        permissions = permissions - NEEDS_SEEING
    return permissions if Permission.SEE_FIGURES in permissions else permissions - NEEDS_FIGURES


def may(staff: Any, permission: Permission) -> bool:
    """Whether a signed-in member of staff has a permission; nobody else has any."""
    if not getattr(staff, "is_authenticated", False) or not staff.is_active:
        return False
    return permission in staff.permissions


def requires(permission: Permission) -> Callable[[View], View]:
    """The one line above a view: signed in, and with this permission; else sign-in, or 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _lead_to_sign_in(request)
            if not may(request.user, permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]
        return checked

    return decorate


def only_with(permission: Permission) -> Callable[[View], View]:
    """The line under `requires` above a file of what is seen on a page: nobody takes it who may not see that page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, permission):
                raise Http404
            return view(request, *args, **kwargs)

        return checked

    return decorate


def requires_sign_in(view: View) -> View:
    """The line above the views of one's own account: signed in, with whatever permissions."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _lead_to_sign_in(request)
        return view(request, *args, **kwargs)

    checked.permission = None  # type: ignore[attr-defined]
    checked.needs_sign_in = True  # type: ignore[attr-defined]
    return checked


def _lead_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    from django.contrib.auth.views import redirect_to_login  # needs the staff model, which needs this

    return redirect_to_login(request.get_full_path())


def open_to_anyone(reason: str) -> Callable[[View], View]:
    """The line above the few views that need no sign-in; the reason is kept for the walk of all pages."""

    def decorate(view: View) -> View:
        view.permission = None  # type: ignore[attr-defined]
        view.open_because = reason  # type: ignore[attr-defined]
        return view

    return decorate
