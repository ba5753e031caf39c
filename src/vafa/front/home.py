"""The first page, whether the server is healthy, and the languages."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.i18n import set_language as change_language

from vafa.act.followups.queries import get_start_page
from vafa.data.business.queries import get_business
from vafa.front.navigation import build_navigation, find_url
from vafa.kit.permissions import Permission, may, open_to_anyone, requires_sign_in


@requires_sign_in
def home(request: HttpRequest) -> HttpResponseBase:
    """Lead to the first steps while they are not done, and then to the page that this person starts with."""
    business = get_business()
    if (
        not business.is_set_up
        and may(request.user, Permission.CHANGE_SETTINGS)
        and (url := find_url("first_steps"))
    ):
        return redirect(url)
    if get_start_page(request.user) == "today":
        return redirect("today")
    places = build_navigation(request, business)
    return redirect(places[0].url if places else "my_account")


@open_to_anyone("programs ask it whether the server is well, and it says nothing else")
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 and "ok" when the database answers; 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 - whatever it is, the answer is the same
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@open_to_anyone("everybody may read the pages in their own language")
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Change the language of the pages in this browser (a POST with `language` and `next`)."""
    return change_language(request)


healthz.works_without_owner = True  # type: ignore[attr-defined]
set_language.works_without_owner = True  # type: ignore[attr-defined]
