"""What concerns nobody but oneself: name, language, light or dark, password."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.staff.actions import change_own_details, end_session, set_password, sign_out_everywhere
from vafa.data.staff.queries import has_second_step, list_sessions
from vafa.data.staff.types import WeakPassword
from vafa.front import choices
from vafa.front.page_forms import build_password_field
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.permissions import requires_sign_in

THEME_COOKIE = "theme"
A_YEAR_SECONDS = 365 * 24 * 3600


class DetailsForm(forms.Form):
    """One's own name, language and look."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=150, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Your language"), required=False)
    theme = forms.ChoiceField(label=gettext_lazy("Light or dark"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        languages = [("", _("That of the business")), *choices.list_language_choices()]
        cast("forms.ChoiceField", self.fields["language"]).choices = languages
        cast("forms.ChoiceField", self.fields["theme"]).choices = [
            ("", _("As the system is set")),
            ("light", _("Light")),
            ("dark", _("Dark")),
        ]


class PasswordForm(forms.Form):
    """A new password for oneself, for whoever knows the old one."""

    old = forms.CharField(
        label=gettext_lazy("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "dir": "ltr"}),
    )
    new = build_password_field(gettext_lazy("New password"))


@requires_sign_in
@sensitive_post_parameters("old", "new")
@require_http_methods(["GET", "HEAD", "POST"])
def my_account(request: HttpRequest) -> HttpResponseBase:
    """One's own page; a POST says with `what` whether it is the details or the password."""
    staff = request.user
    asked = request.POST.get("what") if request.method == "POST" else None
    theme = request.COOKIES.get(THEME_COOKIE, "")
    details = DetailsForm(
        request.POST if asked == "details" else None,
        initial={"name": staff.name, "language": staff.language, "theme": theme},  # type: ignore[union-attr]
    )
    password = PasswordForm(request.POST if asked == "password" else None)
    if asked == "details" and details.is_valid():
        return _save_details(request, details)
    if asked == "password" and password.is_valid() and _change_password(request, password):
        return redirect("my_account")
    context = {
        "form": details,
        "password_form": password,
        "sessions": list_sessions(staff, clock.now()),  # type: ignore[arg-type]
        "session_key": request.session.session_key,
        "has_step": has_second_step(staff),  # type: ignore[arg-type]
    }
    return show_settings(request, "my_account", context, failed=asked is not None)


@requires_sign_in
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponseBase:
    """Sign out one's other browsers: one (`session`), or all but this one."""
    staff, now = request.user, clock.now()
    chosen = request.POST.get("session", "")
    if chosen.isascii() and chosen.isdecimal():
        end_session(staff, int(chosen[:15]), now=now)  # type: ignore[arg-type]
    else:
        sign_out_everywhere(staff, by=staff, now=now, but=request.session.session_key or "")  # type: ignore[arg-type]
    say_saved(request)
    return redirect("my_account")


def _save_details(request: HttpRequest, form: DetailsForm) -> HttpResponseBase:
    said = form.cleaned_data
    change_own_details(request.user, name=said["name"].strip(), language=said["language"], now=clock.now())  # type: ignore[arg-type]
    say_saved(request)
    response = redirect("my_account")
    # The language chosen in the menu holds for this browser; saving one's own takes its place.
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    if said["theme"]:
        response.set_cookie(THEME_COOKIE, said["theme"], max_age=A_YEAR_SECONDS, samesite="Lax")
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


def _change_password(request: HttpRequest, form: PasswordForm) -> bool:
    staff = request.user
    if not staff.check_password(form.cleaned_data["old"]):
        form.add_error("old", _("This is not the present password."))
        return False
    try:
        set_password(staff, form.cleaned_data["new"], by=staff, now=clock.now())  # type: ignore[arg-type]
    except WeakPassword as weak:
        form.add_error("new", weak.message)
        return False
    update_session_auth_hash(request, staff)  # type: ignore[arg-type]
    say_saved(request)
    return True
