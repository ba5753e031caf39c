"""Links that show a dashboard to whoever has them: making and revoking them."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.business.queries import get_business
from vafa.front.reports.page import describe_dashboard, get_editable, get_page_style
from vafa.front.settings_pages import say_saved
from vafa.kit import clock
from vafa.kit.locale.formats import Style, format_number
from vafa.kit.permissions import Permission, requires
from vafa.measure.reports.actions import revoke_link, share_dashboard
from vafa.measure.reports.queries import SharedLink, get_link_state, list_links

# A new link is shown once, to whoever made it, on the page after.
LINK_SESSION_KEY = "fresh_report_link"
VALID_DAYS = (1, 7, 30, 90, 365)
USUAL_DAYS = 30


class LinkForm(forms.Form):
    """A new link."""

    label = forms.CharField(
        label=gettext_lazy("For whom"),
        help_text=gettext_lazy("A note for yourself, such as “Board”."),
        max_length=120,
        required=False,
    )
    days = forms.TypedChoiceField(label=gettext_lazy("Valid for"), coerce=int, initial=USUAL_DAYS)

    label.widget.attrs["autocomplete"] = "off"

    def __init__(self, *args: Any, style: Style, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, _("%(days)s days") % {"days": format_number(days, style)}) for days in VALID_DAYS
        ]


@requires(Permission.EDIT_REPORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dashboard_links(request: HttpRequest, dashboard_id: int) -> HttpResponseBase:
    """`/reports/<id>/links/`: the links to a dashboard; a POST makes one."""
    dashboard = get_editable(request, dashboard_id)
    form = LinkForm(request.POST if request.method == "POST" else None, style=get_page_style())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        _link, token = share_dashboard(
            dashboard, days=said["days"], label=said["label"].strip(), by=request.user, now=clock.now()
        )
        request.session[LINK_SESSION_KEY] = request.build_absolute_uri(reverse("shared", args=[token]))
        return redirect("dashboard_links", dashboard.pk)
    context = describe_dashboard(request, dashboard) | {
        "form": form,
        "rows": [_describe(link) for link in list_links(dashboard)],
        "fresh": request.session.pop(LINK_SESSION_KEY, None),
        "business": get_business(),
    }
    return render(request, "reports/links.html", context, status=422 if form.errors else 200)


def _describe(link: SharedLink) -> dict[str, Any]:
    states = {
        "open": (_("Open"), "success"),
        "expired": (_("Expired"), ""),
        "revoked": (_("Revoked"), "error"),
        "closed": (_("Closed: whoever made it may not share any more"), "warning"),
    }
    state = get_link_state(link, clock.now())
    title, tone = states[state]
    return {"link": link, "state": title, "tone": tone, "can_revoke": state in ("open", "closed")}


@requires(Permission.EDIT_REPORTS)
@require_POST
def revoke(request: HttpRequest, dashboard_id: int, link_id: int) -> HttpResponseBase:
    """Let a link open nothing any more."""
    dashboard = get_editable(request, dashboard_id)
    link = next((one for one in list_links(dashboard) if one.pk == link_id), None)
    if link is None:
        raise Http404
    revoke_link(link, by=request.user, now=clock.now())
    say_saved(request)
    return redirect("dashboard_links", dashboard.pk)
