"""Who signs in: the list, letting somebody in, roles, invitations, lock-outs, and who needs a second step."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.staff.actions import (
    add_staff,
    change_role,
    deactivate_staff,
    invite,
    reactivate_staff,
    remove_second_step,
    require_second_step,
    revoke_invitation,
    sign_out_everywhere,
)
from vafa.data.staff.queries import (
    can_give,
    can_manage,
    find_role,
    find_staff_by_id,
    get_role,
    is_last_owner,
    list_roles,
    list_second_step_roles,
    list_staff,
    list_with_second_step,
)
from vafa.data.staff.types import LastOwner, MoreThanOwn, RoleMissing, StaffExists, WeakPassword
from vafa.front.link_mails import send_invitation
from vafa.front.lock_outs import lift, list_locked
from vafa.front.second_step.confirming import confirm_first
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.mail import MailNotSetUp
from vafa.kit.permissions import Permission, Role, requires

if TYPE_CHECKING:
    from vafa.data.staff.models import Staff

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
@confirm_first()
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def settings_staff(request: HttpRequest) -> HttpResponseBase:
    """Everybody who signs in; a POST lets somebody in."""
    form = StaffForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid() and _add(request, form):
        return redirect("settings_staff")
    now, stepped = clock.now(), list_with_second_step()
    locked, needing = list_locked(now), list_second_step_roles()
    rows = [
        {
            "staff": staff,
            "role": (role := get_role(staff)),
            "can_manage": can_give(request.user, role),
            "fixed": is_last_owner(staff),
            "waiting": staff.is_active and not staff.has_usable_password(),
            "expired": staff.invited_until is not None and staff.invited_until <= now,
            "has_step": staff.pk in stepped,
            "locked_until": locked.get(staff.email),
            "is_self": staff.pk == request.user.pk,
        }
        for staff in list_staff()
    ]
    context = {
        "form": form,
        "rows": rows,
        "roles": _list_choices(request.user),
        "all_roles": [
            {"key": role.key, "name": role.name, "needs": role.key in needing} for role in list_roles()
        ],
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


# What the page does with a member of staff, by the name of the button.
DEEDS: "dict[str, Callable[..., object]]" = {
    "deactivate": deactivate_staff,
    "reactivate": reactivate_staff,
    "revoke": revoke_invitation,
    "sign_out": sign_out_everywhere,
    "take_step": remove_second_step,
    "lift": lift,
}


@requires(Permission.MANAGE_STAFF)
@confirm_first()
@require_POST
def change_staff(request: HttpRequest, staff_id: int) -> HttpResponseBase:
    """Do one thing with a member of staff: `do` is role, invite, or one of DEEDS."""
    staff = find_staff_by_id(staff_id)
    if staff is None:
        raise Http404
    asked = request.POST.get("do", "")
    now, by = clock.now(), request.user
    try:
        if asked == "role" and (role := find_role(request.POST.get("role", ""))) is not None:
            change_role(staff, role.key, by=by, now=now)
        elif asked in DEEDS and can_manage(by, staff):
            DEEDS[asked](staff, by=by, now=now)
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


@requires(Permission.MANAGE_STAFF)
@confirm_first()
@require_POST
def save_second_step(request: HttpRequest) -> HttpResponseBase:
    """Say which roles need a second step."""
    known = {role.key for role in list_roles()}
    try:
        require_second_step(known & set(request.POST.getlist("roles")), by=request.user, now=clock.now())
    except MoreThanOwn as problem:
        messages.error(request, str(problem))
    else:
        say_saved(request)
    return redirect("settings_staff")


def _show_invitation(request: HttpRequest, staff: "Staff") -> None:
    token = invite(staff, by=request.user, now=clock.now())
    url = request.build_absolute_uri(reverse("invitation", args=[token]))
    try:
        send_invitation(staff, url, now=clock.now())
    except MailNotSetUp:
        is_sent = False
    else:
        is_sent = True
    request.session[INVITATION_SESSION_KEY] = {"name": str(staff), "url": url, "is_sent": is_sent}
