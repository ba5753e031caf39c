"""Refusals as `application/problem+json` (RFC 9457): a stable `code` for programs, words for people."""

import json
import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from vafa.kit.errors import AskedWrongly, NotAllowed, VafaError

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
STATUS_OF = {"metric_unknown": 404, "segment_unknown": 404, "segment_not_built": 409}


class Refused(Exception):
    """A question that is not answered. `headers` go out with the refusal."""

    def __init__(
        self, status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}
        self.more = more


def build_problem(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> HttpResponse:
    """The answer that says what is wrong."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    content = json.dumps(document, ensure_ascii=False, default=str)
    return HttpResponse(content, status=status, content_type=CONTENT_TYPE, headers=headers or {})


def tell_problems(api: NinjaAPI) -> None:
    """Let every refusal of this API go out as a problem."""

    @api.exception_handler(Refused)
    def refused(_request: HttpRequest, error: Refused) -> HttpResponse:
        return build_problem(error.status, error.code, error.detail, error.headers, **error.more)

    @api.exception_handler(AuthenticationError)
    def unknown(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return build_unknown()

    @api.exception_handler(VafaError)
    def told(_request: HttpRequest, error: VafaError) -> HttpResponse:
        return build_problem(choose_status(error), error.code, error.message, **_tell_more(error))

    @api.exception_handler(ValidationError)
    def unreadable(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        problems = [_tell_unreadable(one) for one in error.errors if one.get("loc")]
        detail = _("Some parameters can't be read.")
        return build_problem(422, "parameters_unreadable", detail, problems=problems)

    @api.exception_handler(Http404)
    def missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return build_problem(404, "not_found", _("There is nothing at this address."))

    @api.exception_handler(RequestDataTooBig)
    def too_large(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)
        detail = _("A request has at most %(most)s MB. Send fewer rows at once.") % {"most": most}
        return build_problem(413, "request_too_large", detail)

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        logger.error("%s failed", request.path, exc_info=error)
        return build_problem(500, "failed", _("Something broke inside. The log of the server tells more."))

    @api.exception_handler(HttpError)
    def other(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return build_problem(error.status_code, "refused", str(error))


def build_unknown() -> HttpResponse:
    """Nobody may ask without a token that is open."""
    detail = _(
        "Send a token of this installation: Authorization: Bearer vafa_… It may have expired or been revoked."
    )
    return build_problem(401, "token_missing", detail, {"WWW-Authenticate": 'Bearer realm="vafa"'})


def choose_status(error: VafaError) -> int:
    """The status of an error that the rooms tell: what was asked wrongly is the asker's."""
    if isinstance(error, NotAllowed):
        return 403
    if error.code in STATUS_OF:
        return STATUS_OF[error.code]
    return 422 if isinstance(error, AskedWrongly) or error.exit_status == AskedWrongly.exit_status else 409


def _tell_unreadable(one: dict[str, Any]) -> dict[str, str]:
    """What can't be read: the parameter, and in a body also where it stands (RFC 6901)."""
    told = {"parameter": str(one["loc"][-1]), "code": str(one.get("type", "")), "detail": str(one["msg"])}
    if one["loc"][0] == "body":
        parts = (str(part).replace("~", "~0").replace("/", "~1") for part in one["loc"][2:])
        told["pointer"] = "".join(f"/{part}" for part in parts)
    return told


def _tell_more(error: VafaError) -> dict[str, Any]:
    remedy = {"remedy": error.remedy} if error.remedy else {}
    return remedy | {name: value for name, value in error.details.items() if name not in ("type", "status")}
