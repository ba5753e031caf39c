"""Where the data comes from, how far each source tells, and saying so."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vafa.data.business.queries import get_business
from vafa.data.log.actions import close_feed, reopen_feed, set_complete_through
from vafa.data.log.queries import find_feed, list_feeds
from vafa.front.customer.event_writer import name_source
from vafa.front.date_field import write_day
from vafa.front.settings_forms import CompletenessForm
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.permissions import Permission, requires
from vafa.lab.calendars import CalendarName
from vafa.warehouse.queries import open_snapshot

if TYPE_CHECKING:
    from vafa.data.business.models import Business
    from vafa.data.log.models import Feed


# The kinds of facts that have days.
KINDS = ("orders", "returns", "subscriptions", "interactions", "surveys", "tickets")
# What the warehouse calls a kind otherwise than the import.
FIGURE_KINDS = {"surveys": "answers"}


def _name_kind(kind: str) -> str:
    names = {
        "orders": _("Orders"),
        "returns": _("Returns"),
        "subscriptions": _("Subscriptions"),
        "interactions": _("Interactions"),
        "surveys": _("Survey answers"),
        "tickets": _("Tickets"),
    }
    return names.get(kind, kind)


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_sources(request: HttpRequest) -> HttpResponseBase:
    """All sources; a POST says something of one of them."""
    business = get_business()
    failed: tuple[int, CompletenessForm] | None = None
    if request.method == "POST":
        feed = find_feed(int(request.POST["feed"])) if request.POST.get("feed", "").isdecimal() else None
        if feed is None:
            raise Http404
        form = CompletenessForm(request.POST, business=business)
        if _act(request, feed, form):
            say_saved(request)
            return redirect("settings_sources")
        failed = (feed.pk, form)
    feeds = _list_rows(business, failed)
    return show_settings(request, "settings_sources", {"feeds": feeds}, failed=failed is not None)


def _act(request: HttpRequest, feed: "Feed", form: CompletenessForm) -> bool:
    """Do what was asked of a feed; False if the form is wrong."""
    now, by = clock.now(), request.user
    asked = request.POST.get("do")
    if asked == "close":
        close_feed(feed, by=by, now=now)
    elif asked == "reopen":
        reopen_feed(feed, by=by, now=now)
    elif asked == "unset":
        set_complete_through(feed, None, by=by, now=now)
    elif form.is_valid():
        set_complete_through(feed, form.cleaned_data["complete_through"], by=by, now=now)
    else:
        return False
    return True


def _list_rows(business: "Business", failed: tuple[int, CompletenessForm] | None) -> list[dict[str, Any]]:
    feeds = open_snapshot().freshness(kinds=[FIGURE_KINDS.get(kind, kind) for kind in KINDS]).feeds
    known = {(state.source, state.kind): state for state in feeds}
    today = clock.today(business.zone)
    rows = []
    for feed in list_feeds():
        if feed.kind not in KINDS:
            continue  # customers come without a day: nothing can be complete through one
        state = known.get((feed.source.name, FIGURE_KINDS.get(feed.kind, feed.kind)))
        until = state.complete_until if state else None
        rows.append(
            {
                "feed": feed,
                "name": name_source(feed.source.name),
                "kind": _name_kind(feed.kind),
                "first_on": state.first_on if state else None,
                "last_on": until - timedelta(days=1) if until else None,
                "age_days": max((today - until).days, 0) if until else None,
                "form": failed[1]
                if failed and failed[0] == feed.pk
                else _build_form(business, feed.complete_through),
            }
        )
    return rows


def _build_form(business: "Business", day: date | None) -> CompletenessForm:
    calendar = cast("CalendarName", business.calendar)
    return CompletenessForm(
        business=business, initial={"complete_through": write_day(day, calendar) if day else ""}
    )
