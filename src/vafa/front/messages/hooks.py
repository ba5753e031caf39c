"""Where providers of messages tell what became of them, and what was answered."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from vafa.act.messaging.actions import take_call
from vafa.act.messaging.queries import MOST_CALL_BYTES
from vafa.kit import clock
from vafa.kit.permissions import open_to_anyone


@csrf_exempt
@open_to_anyone("a provider's program calls it; the signed part of the address decides")
# Many providers of text messages tell by GET, and know no other way: it is a program's call, not a person's link.
@require_http_methods(["GET", "POST"])
def provider_call(request: HttpRequest, token: str) -> HttpResponse:
    """What a provider tells. 200 as soon as it is kept; the same once more is 200 too."""
    if int(request.headers.get("Content-Length") or 0) > MOST_CALL_BYTES:
        return HttpResponse(status=413)
    query = request.META.get("QUERY_STRING", "")
    kind, headers = request.headers.get("Content-Type", ""), dict(request.headers)
    if not take_call(token, query, request.body, kind, headers=headers, now=clock.now()):
        raise Http404
    return HttpResponse("OK", content_type="text/plain; charset=utf-8")
