"""Stopping contact for good: the customer has died, or an address or number is not theirs."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.consent.models import Stop
from vafa.data.consent.types import StopKind, Way
from vafa.data.customers.actions import mark_points
from vafa.data.customers.queries import list_ids_of
from vafa.data.log.actions import add_happening
from vafa.kit.audit import record
from vafa.kit.errors import AskedWrongly


class NoSuchPoint(AskedWrongly):
    """The customer has no such address or number."""

    code = "no_such_point"


@transaction.atomic
def stop_contact(customer_id: int, kind: StopKind, *, by: Any, now: datetime, way: Way = Way.HAND) -> Stop:
    """Note that a customer has died. Said twice it is noted once."""
    stop = Stop.objects.filter(customer_id=customer_id, kind=kind, point="", ended_at=None).first()
    if stop is None:
        stop = _add(Stop(customer_id=customer_id, kind=kind, way=way, at=now), by, now)
    return stop


@transaction.atomic
def detach_point(
    customer_id: int,
    kind: StopKind,
    point_kind: str,
    point: str,
    *,
    by: Any,
    now: datetime,
    way: Way = Way.HAND,
) -> Stop:
    """Note that an address or number is not the customer's: never theirs, or somebody else's by now.

    `customer_id` is the kept one; the number may have come with somebody merged into it. Raises `NoSuchPoint`.
    """
    ids = list_ids_of(customer_id)
    if not mark_points(ids, point_kind, point, kind):
        raise NoSuchPoint(_("The customer has no such number or address."), "")
    open_stops = Stop.objects.filter(customer__in=ids, point_kind=point_kind, point=point, ended_at=None)
    if (stop := open_stops.filter(kind=kind).first()) is not None:
        return stop
    return _add(
        Stop(customer_id=customer_id, kind=kind, point_kind=point_kind, point=point, way=way, at=now), by, now
    )


@transaction.atomic
def end_stop(stop: Stop, *, by: Any, now: datetime) -> None:
    """Take a stop back: it was a mistake."""
    if stop.ended_at is not None:
        return
    stop.ended_at, stop.ended_by = now, by if getattr(by, "pk", None) else None
    stop.save(update_fields=["ended_at", "ended_by"])
    if stop.point:
        ids = list_ids_of(stop.customer_id)
        others = Stop.objects.filter(
            customer__in=ids, point_kind=stop.point_kind, point=stop.point, ended_at=None
        )
        other = others.first()
        mark_points(ids, stop.point_kind, stop.point, other.kind if other else "")
    record("customer.stop_ended", by=by, now=now, subject=str(stop.customer_id), kind=stop.kind)


def _add(stop: Stop, by: Any, now: datetime) -> Stop:
    stop.by = by if getattr(by, "pk", None) else None
    stop.save()
    record("customer.stopped", by=by, now=now, subject=str(stop.customer_id), kind=stop.kind)
    add_happening("customer_stopped", at=now, now=now, live=True, subject=stop.customer_id, stop=stop.kind)
    return stop
