"""Signing in and out, the first owner, and invitations."""

import math
from typing import TYPE_CHECKING, Any

from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from django.contrib.auth import logout as close_session
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.business.queries import get_style
from vafa.data.staff.actions import accept_invitation, create_owner
from vafa.data.staff.queries import find_invited, has_owner
from vafa.data.staff.types import InvitationSpent, OwnerExists, WeakPassword
from vafa.front.address import get_address
from vafa.front.begin import is_begin_token, spend_begin_token
from vafa.front.lock_outs import find_wait
from vafa.front.page_forms import AcceptForm, OwnerForm
from vafa.front.second_step.adapter import can_use_passkeys
from vafa.kit import clock
from vafa.kit.home import get_home
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import open_to_anyone

if TYPE_CHECKING:
    from vafa.data.staff.models import Staff


class SignInForm(LoginForm):  # type: ignore[misc]
    """The library's form in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["dir"] = "ltr"
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}


class SignInView(LoginView):  # type: ignore[misc]
    """The library's sign-in on our page."""

    form_class = SignInForm
    template_name = "front/sign_in.html"

    def get_form_class(self) -> type[SignInForm]:
        return self.form_class

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The library's own context wants the addresses of pages that do not exist here, such as sign-up.
        context: dict[str, Any] = super(LoginView, self).get_context_data(**kwargs)
        return context | {
            "can_use_passkeys": can_use_passkeys(),
            "redirect_field_name": "next",
            "redirect_field_value": self.request.GET.get("next", self.request.POST.get("next", "")),
        }


sign_in = open_to_anyone("this is where one signs in")(SignInView.as_view())


def show_locked_out(
    request: HttpRequest, _response: HttpResponse | None = None, _credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """What somebody sees after too many wrong passwords."""
    wait = find_wait(request, clock.now())
    minutes = math.ceil(wait.total_seconds() / 60)
    told = ngettext(
        "Try again in %(minutes)s minute, or ask the owner to lift the lock-out.",
        "Try again in %(minutes)s minutes, or ask the owner to lift the lock-out.",
        minutes,
    ) % {"minutes": format_number(minutes, get_style(translation.get_language() or "en"))}
    response = render(request, "front/locked_out.html", {"told": told}, status=429)
    response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return response


@open_to_anyone("who is not signed in is not signed out either")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Sign out."""
    close_session(request)
    return redirect("account_login")


@open_to_anyone("while there is no owner; it makes one only for whoever holds the one-time link")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, token: str = "") -> HttpResponseBase:
    """Make the first owner; without the link that the terminal printed, say where to find it."""
    if has_owner():
        return redirect("account_login")
    token = token or request.GET.get("token", "").strip().rstrip("/").rsplit("/", 1)[-1]
    if not is_begin_token(get_home(), token):
        return render(
            request, "front/begin_closed.html", {"wrong": bool(token)}, status=403 if token else 200
        )
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            owner = create_owner(
                email=form.cleaned_data["email"],
                password=form.cleaned_data["password"],
                name=form.cleaned_data["name"],
                language=translation.get_language() or "",
                now=clock.now(),
                address=get_address(request),
            )
        except WeakPassword as weak:
            form.add_error("password", weak.message)
        except OwnerExists:
            return redirect("account_login")
        else:
            spend_begin_token(get_home())
            return _welcome(request, owner)
    return render(request, "front/begin.html", {"form": form}, status=422 if form.errors else 200)


begin.works_without_owner = True  # type: ignore[attr-defined]


@open_to_anyone("for those who have been invited; it needs the invitation's link")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Set the first or a new password by an invitation."""
    invited = find_invited(token, clock.now())
    if invited is None:
        return render(request, "front/invitation_spent.html", status=410)
    form = AcceptForm(request.POST or None, initial={"name": invited.name})
    if request.method == "POST" and form.is_valid():
        try:
            staff = accept_invitation(
                token, password=form.cleaned_data["password"], name=form.cleaned_data["name"], now=clock.now()
            )
        except WeakPassword as weak:
            form.add_error("password", weak.message)
        except InvitationSpent:
            return render(request, "front/invitation_spent.html", status=410)
        else:
            return _welcome(request, staff)
    context = {"form": form, "invited": invited}
    return render(request, "front/invitation.html", context, status=422 if form.errors else 200)


def _welcome(request: HttpRequest, staff: "Staff") -> HttpResponseBase:
    """Sign in who has just set a password; a second step that they have is asked for all the same."""
    answer: HttpResponseBase = perform_password_login(request, {"email": staff.email}, Login(user=staff))
    return answer
