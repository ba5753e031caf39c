"""Tokens of the API: what programs sign in with, in one's own name."""

from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.business.queries import get_style
from vafa.data.staff.actions import make_token, revoke_token
from vafa.data.staff.queries import ApiToken, is_token_open, list_tokens
from vafa.data.staff.types import MoreThanOwn
from vafa.front.navigation import find_url
from vafa.front.second_step.confirming import confirm_first
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, requires
from vafa.kit.scopes import SCOPE_NAMES, Scope

# A new token is shown once, to whoever made it, on the page after.
FRESH_SESSION_KEY = "fresh_api_access"
VALID_DAYS = (30, 90, 365)
USUAL_DAYS = 90


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=gettext_lazy("For what"),
        help_text=gettext_lazy("A note for yourself, such as the program that uses it."),
        max_length=120,
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=[(scope.value, name) for scope, name in SCOPE_NAMES.items()],
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ_METRICS.value],
    )
    days = forms.ChoiceField(label=gettext_lazy("Valid for"), initial=str(USUAL_DAYS), required=False)

    name.widget.attrs["autocomplete"] = "off"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style = get_style(get_language() or "en")
        cast("forms.ChoiceField", self.fields["days"]).choices = [
            *((str(days), _("%(days)s days") % {"days": format_number(days, style)}) for days in VALID_DAYS),
            ("", _("Until it is revoked")),
        ]


@requires(Permission.CHANGE_SETTINGS)
@confirm_first()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_tokens(request: HttpRequest) -> HttpResponseBase:
    """All tokens; a POST makes one in one's own name."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _make(request, form):
        return redirect("settings_tokens")
    context = {
        "form": form,
        "rows": [_describe(token) for token in list_tokens()],
        "fresh": request.session.pop(FRESH_SESSION_KEY, None),
        "reference_url": find_url("api_reference"),
    }
    return show_settings(request, "settings_tokens", context, failed=bool(form.errors))


def _make(request: HttpRequest, form: TokenForm) -> bool:
    said = form.cleaned_data
    try:
        _token, text = make_token(
            request.user,  # type: ignore[arg-type]
            said["name"].strip(),
            [Scope(scope) for scope in said["scopes"]],
            days=int(said["days"]) if said["days"] else None,
            now=clock.now(),
        )
    except MoreThanOwn as problem:
        form.add_error("scopes", str(problem))
        return False
    request.session[FRESH_SESSION_KEY] = text
    return True


def _describe(token: ApiToken) -> dict[str, Any]:
    names = {scope.value: name for scope, name in SCOPE_NAMES.items()}
    is_open = is_token_open(token, clock.now())
    if is_open:
        state = _("Open")
    elif token.revoked_at is not None:
        state = _("Revoked")
    elif not token.staff.is_active:
        state = _("No access")
    else:
        state = _("Expired")
    return {
        "token": token,
        "scopes": [names.get(scope, scope) for scope in token.scopes],
        "state": state,
        "tone": "success" if is_open else "error",
        "can_revoke": token.revoked_at is None,
    }


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponseBase:
    """Let a token open nothing any more."""
    token = next((one for one in list_tokens() if one.pk == token_id), None)
    if token is None:
        raise Http404
    revoke_token(token, by=request.user, now=clock.now())
    say_saved(request)
    return redirect("settings_tokens")
