"""What becomes of a message after it was taken: reports of delivery, bounces, complaints, answers, clicks."""

from datetime import datetime, timedelta
from typing import Any, get_args

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from vafa.act.messaging.models import Happened, Sending
from vafa.act.messaging.types import HappenedKind
from vafa.data.business.queries import get_business
from vafa.data.consent.actions import NotAPoint, suppress
from vafa.data.customers.queries import find_point

# What is said of a sending as a whole; the later of two says it, but nothing undoes a complaint.
_TELLS: dict[str, str] = {
    "delivered": "delivered",
    "undelivered": "undelivered",
    "bounced": "bounced",
    "blocked": "blocked",
    "complained": "complained",
}
HARD, SOFT = "hard", "soft"
# An address from which mail came back so often in a month, if only for now, gets nothing more.
MOST_SOFT = 5
_MONTH = timedelta(days=30)


@transaction.atomic
def record_happened(
    sending_id: int,
    kind: HappenedKind,
    *,
    key: str = "",
    detail: str = "",
    link: int | None = None,
    bot: bool = False,
    at: datetime,
    now: datetime,
) -> bool:
    """Note what became of a sending; whether it is news. `key` tells two reports of a kind apart ("" for those of which
    there is one). A hard bounce and a complaint put the address or number on the do-not-send list."""
    assert kind in get_args(HappenedKind)
    sending = Sending.objects.select_for_update().filter(pk=sending_id).first()
    if sending is None:
        return False
    _row, made = Happened.objects.get_or_create(
        sending=sending,
        kind=kind,
        key=key[:120],
        defaults={"detail": detail[:500], "link": link, "bot": bot, "at": at, "recorded_at": now},
    )
    if not made:
        return False
    _tell(sending, kind, at)
    if kind == "complained" or (kind == "bounced" and detail == HARD):
        stop_point(sending, "complained" if kind == "complained" else "bounced", now=now)
    elif kind == "bounced" and _count_soft(sending, at) >= MOST_SOFT:
        stop_point(sending, "bounced", now=now)
    return True


def _count_soft(sending: Sending, at: datetime) -> int:
    """How often in a month mail to the address of a sending came back for now."""
    soft = Happened.objects.filter(
        kind="bounced", detail=SOFT, at__gt=at - _MONTH, sending__point=sending.point
    )
    return soft.filter(sending__customer=sending.customer_id).count() if sending.point is not None else 0


def _tell(sending: Sending, kind: str, at: datetime) -> None:
    told = _TELLS.get(kind)
    if told is None or sending.delivery_state == "complained":
        return
    sending.delivery_state = told
    fields = ["delivery_state"]
    if kind == "delivered":
        sending.delivered_at = at
        fields.append("delivered_at")
    if sending.state == "unknown":  # a report says that it was taken
        sending.state = "accepted"
        fields.append("state")
    sending.save(update_fields=fields)


def stop_point(sending: Sending, reason: str, *, by: Any = None, now: datetime) -> None:
    """Send nothing more to the address or number of a sending: after a bounce nothing at all, after a complaint, or a
    word to the provider, nothing but service messages."""
    point = None if sending.point is None else find_point(sending.point)
    if point is not None:
        stop_address(point.value, reason, by=by, now=now)


def stop_address(address: str, reason: str = "bounced", *, by: Any = None, now: datetime) -> None:
    """Put an address or number on the do-not-send list, with the reason in the business's words."""
    with override(get_business().language):
        words = {
            "bounced": _("A message came back for good."),
            "complained": _("A message was complained about."),
            "unsubscribed": _("Said no more to the provider of mail."),
        }[reason]
    try:
        suppress(address, "", reason=words, everything=reason == "bounced", by=by, now=now)
    except NotAPoint:
        return  # what is no address reaches nobody anyway
