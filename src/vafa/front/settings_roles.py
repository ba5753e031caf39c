"""Roles: the ready ones to read and to copy, and those that the business makes for itself."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vafa.data.staff.actions import change_own_role, make_role, remove_role
from vafa.data.staff.queries import can_give, find_role, get_role, list_roles, list_staff
from vafa.data.staff.types import BadRole, GivenRole, MoreThanOwn, RoleInUse, RoleMissing
from vafa.front.second_step.confirming import confirm_first
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.permission_texts import describe_permission
from vafa.kit.permissions import Permission, requires


class RoleForm(forms.Form):
    """A role of the business's own."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    own_only = forms.BooleanField(
        label=gettext_lazy("Only own customers"),
        help_text=gettext_lazy(
            "Whoever has this role sees only customers whose owner they are, also behind every number."
        ),
        required=False,
    )
    permissions = forms.MultipleChoiceField(
        label=gettext_lazy("What it allows"), widget=forms.CheckboxSelectMultiple
    )

    name.widget.attrs["autocomplete"] = "off"

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What one may not do oneself is not offered; the room refuses it in any case.
        offered = [permission for permission in Permission if permission in by.permissions]
        self.fields["permissions"].choices = [  # type: ignore[attr-defined]
            (permission.value, _write(permission)) for permission in offered
        ]


def _write(permission: Permission) -> str:
    name, text = describe_permission(permission)
    return format_html('<span>{} <span class="muted">{}</span></span>', name, text)


@requires(Permission.MANAGE_STAFF)
@require_GET
def settings_roles(request: HttpRequest) -> HttpResponseBase:
    """All roles, what they allow, and how many have them."""
    given = [get_role(staff).key for staff in list_staff() if staff.is_active]
    rows = [
        {
            "role": role,
            "permissions": [describe_permission(one)[0] for one in Permission if one in role.permissions],
            "allows_all": role.permissions == frozenset(Permission),
            "count": given.count(role.key),
            "edit_url": None if role.is_ready else reverse("edit_role", args=[_get_id(role)]),
            "copy_url": f"{reverse('new_role')}?copy={role.key}",
            "can_give": can_give(request.user, role),
        }
        for role in list_roles()
    ]
    return show_settings(request, "settings_roles", {"rows": rows})


@requires(Permission.MANAGE_STAFF)
@confirm_first()
@require_http_methods(["GET", "HEAD", "POST"])
def new_role(request: HttpRequest) -> HttpResponseBase:
    """Make a role; `?copy=agent` begins with what that one allows."""
    model = find_role(request.GET.get("copy", ""))
    initial = {} if model is None else _read(model) | {"name": ""}
    form = RoleForm(request.POST if request.method == "POST" else None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, form, None):
        return redirect("settings_roles")
    return show_settings(request, "settings_roles", {"form": form, "model": model}, failed=bool(form.errors))


@requires(Permission.MANAGE_STAFF)
@confirm_first()
@require_http_methods(["GET", "HEAD", "POST"])
def edit_role(request: HttpRequest, role_id: int) -> HttpResponseBase:
    """Change a role of the business's own."""
    role = find_role(f"own:{role_id}")
    if role is None:
        raise Http404
    form = RoleForm(request.POST if request.method == "POST" else None, by=request.user, initial=_read(role))
    if request.method == "POST" and form.is_valid() and _save(request, form, role_id):
        return redirect("settings_roles")
    context = {
        "form": form,
        "role": role,
        "remove_url": reverse("remove_role", args=[role_id]),
        "holders": [staff for staff in list_staff() if get_role(staff).key == role.key],
    }
    return show_settings(request, "settings_roles", context, failed=bool(form.errors))


@requires(Permission.MANAGE_STAFF)
@confirm_first()
@require_POST
def remove(request: HttpRequest, role_id: int) -> HttpResponseBase:
    """Remove a role that nobody has."""
    try:
        remove_role(role_id, by=request.user, now=clock.now())
    except RoleMissing as missing:
        raise Http404 from missing
    except (RoleInUse, MoreThanOwn) as problem:
        messages.error(request, str(problem))
        return redirect("edit_role", role_id)
    say_saved(request)
    return redirect("settings_roles")


def _save(request: HttpRequest, form: RoleForm, role_id: int | None) -> bool:
    said = form.cleaned_data
    wanted: dict[str, Any] = {
        "name": said["name"],
        "permissions": [Permission(one) for one in said["permissions"]],
        "own_only": said["own_only"],
        "by": request.user,
        "now": clock.now(),
    }
    try:
        if role_id is None:
            make_role(**wanted)
        else:
            change_own_role(role_id, **wanted)
    except BadRole as problem:
        form.add_error(problem.details["field"], problem.message)
    except (MoreThanOwn, RoleMissing) as problem:
        form.add_error(None, str(problem))
    else:
        say_saved(request)
        return True
    return False


def _read(role: GivenRole) -> dict[str, Any]:
    """A role as the form's first values."""
    return {
        "name": role.name,
        "own_only": role.own_only,
        "permissions": [permission.value for permission in role.permissions],
    }


def _get_id(role: GivenRole) -> int:
    return int(role.key.rpartition(":")[2])
