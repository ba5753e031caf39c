"""Questions about metrics and cohorts."""

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from vafa.api.access import TokenAuth, get_asking
from vafa.api.shapes import (
    CohortQuery,
    CohortsOut,
    EntriesOut,
    LanguageQuery,
    MetricOut,
    MetricQuery,
    ProblemOut,
)
from vafa.api.texts import OPERATIONS
from vafa.kit.scopes import Scope
from vafa.measure.metrics import queries
from vafa.measure.segments.queries import build_chosen

router = Router(tags=["metrics"])
METRICS = TokenAuth(Scope.READ_METRICS)
METRICS_OF_SEGMENT = TokenAuth(Scope.READ_METRICS, Scope.READ_SEGMENTS)
PROBLEMS: dict[Any, Any] = {(401, 403, 422, 429): ProblemOut}


@router.get(
    "/metrics", auth=METRICS, response={200: EntriesOut, **PROBLEMS}, description=OPERATIONS["list_metrics"]
)
def list_metrics(request: HttpRequest, asked: Query[LanguageQuery]) -> Any:  # noqa: ARG001 - for the document
    """The dictionary."""
    return {"metrics": queries.list_documents()}


@router.get(
    "/metrics/{name}",
    auth=METRICS,
    response={200: MetricOut, **PROBLEMS},
    by_alias=True,
    description=OPERATIONS["get_metric"],
)
def get_metric(request: HttpRequest, asked: Query[MetricQuery], name: Path[str]) -> Any:
    """A metric's values."""
    asking = get_asking(request)
    chosen = None
    if asked.segment:
        METRICS_OF_SEGMENT.check(asking.token)
        chosen = build_chosen(asked.segment, asking.snapshot, asked.rule)
    table = queries.get_metric(
        name,
        start=asked.from_,
        end=asked.to,
        every=asked.every,
        calendar=asked.calendar,
        week_start=asked.week_start,
        by=asked.by,
        rule=asked.rule,
        denominator=asked.denominator,
        visible=asking.visible,
        chosen=chosen,
        options=queries.Options(
            real=asked.real or asked.real_base is not None,
            real_base=asked.real_base,
            first_periods=asked.first_periods,
            survival_months=asked.survival_months,
        ),
        entity=asked.entity,
        groups_limit=None,
        snapshot=asking.snapshot,
    )
    return queries.build_document(table) | {"segment": asked.segment}


@router.get(
    "/cohorts", auth=METRICS, response={200: CohortsOut, **PROBLEMS}, description=OPERATIONS["get_cohorts"]
)
def get_cohorts(request: HttpRequest, asked: Query[CohortQuery]) -> Any:
    """The cohorts."""
    asking = get_asking(request)
    table = queries.get_cohorts(
        asked.every,
        calendar=asked.calendar,
        week_start=asked.week_start,
        count=asked.count,
        visible=asking.visible,
        snapshot=asking.snapshot,
    )
    return queries.build_cohort_document(table)
