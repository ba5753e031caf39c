"""Who signs in: the list, letting somebody in, roles, invitations; and the audit trail."""

import json
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vafa.data.business.queries import get_business
from vafa.data.staff.actions import add_staff, change_role, deactivate_staff, invite, reactivate_staff
from vafa.data.staff.queries import (
    can_give,
    find_role,
    find_staff_by_id,
    get_role,
    is_last_owner,
    list_roles,
    list_staff,
)
from vafa.data.staff.types import LastOwner, MoreThanOwn, RoleMissing, StaffExists, WeakPassword
from vafa.front.audit_texts import describe_entry
from vafa.front.overview.exports import build_sheet, list_downloads
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.audit import list_entries
from vafa.kit.permissions import Permission, Role, requires

if TYPE_CHECKING:
    from vafa.data.staff.models import Staff

ENTRIES_A_PAGE = 50
# An invitation is shown once, to whoever made it, on the page after.
INVITATION_SESSION_KEY = "fresh_invitation"


class StaffForm(forms.Form):
    """Somebody to let in."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150, required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        initial=Role.READ_ONLY.value,
    )
    password = forms.CharField(
        label=gettext_lazy("First password"),
        help_text=gettext_lazy("Leave it empty to get a link by which they choose their own."),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["role"]).choices = _list_choices(by)


def _list_choices(by: Any) -> list[tuple[str, str]]:
    """The roles that somebody may give."""
    return [(role.key, role.name) for role in list_roles() if can_give(by, role)]


@requires(Permission.MANAGE_STAFF)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def settings_staff(request: HttpRequest) -> HttpResponseBase:
    """Everybody who signs in; a POST lets somebody in."""
    form = StaffForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid() and _add(request, form):
        return redirect("settings_staff")
    rows = [
        {
            "staff": staff,
            "role": (role := get_role(staff)),
            "can_manage": can_give(request.user, role),
            "fixed": is_last_owner(staff),
            "waiting": staff.is_active and not staff.has_usable_password(),
        }
        for staff in list_staff()
    ]
    context = {
        "form": form,
        "rows": rows,
        "roles": _list_choices(request.user),
        "invitation": request.session.pop(INVITATION_SESSION_KEY, None),
    }
    return show_settings(request, "settings_staff", context, failed=bool(form.errors))


def _add(request: HttpRequest, form: StaffForm) -> bool:
    said = form.cleaned_data
    now = clock.now()
    try:
        staff = add_staff(
            email=said["email"],
            name=said["name"],
            role=said["role"],
            password=said["password"] or None,
            by=request.user,
            now=now,
        )
    except StaffExists as problem:
        form.add_error("email", problem.message)
    except WeakPassword as problem:
        form.add_error("password", problem.message)
    except (RoleMissing, MoreThanOwn) as problem:
        form.add_error("role", str(problem))
    else:
        if said["password"]:
            say_saved(request)
        else:
            _show_invitation(request, staff)
        return True
    return False


@requires(Permission.MANAGE_STAFF)
@require_POST
def change_staff(request: HttpRequest, staff_id: int) -> HttpResponseBase:
    """Do one thing with a member of staff: `do` is role, invite, deactivate or reactivate."""
    staff = find_staff_by_id(staff_id)
    if staff is None:
        raise Http404
    asked = request.POST.get("do")
    now, by = clock.now(), request.user
    try:
        if asked == "role" and (role := find_role(request.POST.get("role", ""))) is not None:
            change_role(staff, role.key, by=by, now=now)
        elif asked == "deactivate":
            deactivate_staff(staff, by=by, now=now)
        elif asked == "reactivate":
            reactivate_staff(staff, by=by, now=now)
        elif asked == "invite" and staff.is_active:
            _show_invitation(request, staff)
            return redirect("settings_staff")
        else:
            raise Http404
    except (LastOwner, MoreThanOwn) as problem:
        messages.error(request, str(problem))
    else:
        say_saved(request)
    return redirect("settings_staff")


def _show_invitation(request: HttpRequest, staff: "Staff") -> None:
    token = invite(staff, by=request.user, now=clock.now())
    url = request.build_absolute_uri(reverse("invitation", args=[token]))
    request.session[INVITATION_SESSION_KEY] = {"name": str(staff), "url": url}


@requires(Permission.MANAGE_STAFF)
@require_GET
def settings_audit(request: HttpRequest) -> HttpResponseBase:
    """Who did what, the newest first."""
    pages = Paginator(list_entries(), ENTRIES_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows: list[dict[str, Any]] = [describe_entry(entry) for entry in page.object_list]
    context = {
        "rows": rows,
        "page": page,
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else None,
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else None,
        "downloads": list_downloads(request, "audit_export"),
    }
    return show_settings(request, "settings_audit", context)


_AUDIT_COLUMNS = ("at", "staff", "action", "subject", "details", "address")


@requires(Permission.MANAGE_STAFF)
@require_GET
def export_audit(_request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/settings/audit.<csv|xlsx>`: the whole trail, the newest first, with moments of the business's zone."""
    zone = ZoneInfo(get_business().zone)
    rows = [
        [
            entry.at.astimezone(zone).isoformat(timespec="seconds"),
            entry.staff.email if entry.staff else None,
            entry.action,
            entry.subject or None,
            json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else None,
            entry.address,
        ]
        for entry in list_entries()
    ]
    return build_sheet("audit", _AUDIT_COLUMNS, rows, file_format)
