"""The first version of the API: its parts put together, and what it consists of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from vafa import __version__
from vafa.api import changing  # noqa: F401 - adds its questions to those of rows and tasks
from vafa.api.access import TokenAuth, build_rate_headers
from vafa.api.examples import add_examples
from vafa.api.metrics import router as metrics
from vafa.api.problems import tell_problems
from vafa.api.rows import router as rows
from vafa.api.scores import router as scores
from vafa.api.segments import router as segments
from vafa.api.tasks import router as tasks
from vafa.api.tracking import router as tracking
from vafa.kit.scopes import Scope

ROUTERS = (metrics, segments, scores, rows, tasks, tracking)


class Api(NinjaAPI):
    """Tells with every answer how often the token may still ask."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """The document, with examples of what is answered."""
        document = super().get_openapi_schema(*args, **kwargs)
        add_examples(document)
        return document

    def create_response(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The answer, with those headers."""
        return _tell_rate(request, super().create_response(request, *args, **kwargs))

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """The refusal, with those headers."""
        return _tell_rate(request, super().on_exception(request, exc))


def _tell_rate(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    taken = getattr(request, "api_rate", None)
    for name, value in build_rate_headers(taken).items() if taken is not None else ():
        response[name] = value
    return response


api = Api(
    title="Vafa",
    version="1",
    description=(
        "Metrics, cohorts and segments; customers, orders, returns, subscriptions, events and notes. Sign in with a "
        "token: `Authorization: Bearer vafa_…`. Days are those of the business's zone; a period is half-open, so `to` "
        "is the first day after it. A request that writes may carry an `Idempotency-Key`: sent again with the same "
        "body within a day it is answered as before and changes nothing."
    ),
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api-v1",
    openapi_extra={"info": {"x-product-version": __version__}},
)
tell_problems(api)
for router in ROUTERS:
    api.add_router("", router)


@dataclass(frozen=True)
class Operation:
    """One question that the API answers: its path below the version, and the scopes that it needs."""

    name: str
    method: str
    path: str
    scopes: tuple[Scope, ...]


def list_operations() -> Iterator[Operation]:
    """All questions, with what they need."""
    for router in ROUTERS:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                auth: Any = operation.auth_param
                if not isinstance(auth, TokenAuth):
                    raise TypeError(f"{path} does not say which scopes it needs")
                yield Operation(operation.view_func.__name__, operation.methods[0], path, auth.scopes)


def build_urls() -> list[Any]:
    """The addresses. Who may ask is decided by the token, so the pages' own permission is none."""
    patterns = list(api.urls[0])
    for pattern in patterns:
        view: Any = pattern.callback
        view.permission = None
        view.open_because = "a token decides who may ask; without one there is 401"
        # Programs are told that a token is missing, not led to a page where the first owner is made.
        view.works_without_owner = True
    return patterns
