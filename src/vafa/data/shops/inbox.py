"""Webhooks of shops: kept once for each event, then taken; whatever fails is tried again."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.shops.models import Message, Shop
from vafa.data.shops.providers import get_provider
from vafa.data.shops.signing import is_signed
from vafa.data.shops.taking import take_items
from vafa.data.shops.types import PHASES
from vafa.kit.errors import VafaError

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
KEEP = timedelta(days=30)


class NotSigned(VafaError):
    """The message does not carry the signature of its shop."""

    code = "not_signed"


def take_message(shop: Shop, headers: Mapping[str, str], body: bytes, *, now: datetime) -> bool:
    """Keep a webhook and take it; whether it is the first time that this event came. Raises NotSigned."""
    provider = get_provider(shop.provider)
    signature = headers.get(provider.SIGNATURE, "")
    if not shop.hook_secret or not is_signed(shop.hook_secret, body, signature):
        raise NotSigned(_("The signature is not that of this shop."))
    event, topic = provider.read_event(headers)
    if not event or topic.partition("/")[0] not in PHASES:
        return False
    message, is_new = Message.objects.get_or_create(
        provider=shop.provider,
        event=f"{shop.pk}:{event}"[:120],
        defaults={
            "shop": shop,
            "topic": topic[:60],
            "body": body.decode("utf-8", "replace").replace("\0", ""),
            "not_before": now,
            "received_at": now,
        },
    )
    if is_new:
        _take(message, now)
    return is_new


def work_off_messages(now: datetime) -> int:
    """Take the messages that wait, also for another try; how many."""
    waiting = Message.objects.filter(state="pending", not_before__lte=now).select_related("shop")
    messages = list(waiting.order_by("id")[:200])
    for message in messages:
        _take(message, now)
    return len(messages)


def _take(message: Message, now: datetime) -> None:
    shop = message.shop
    provider = get_provider(shop.provider)
    kind, _slash, what = message.topic.partition("/")
    try:
        document = json.loads(message.body)
        item = provider.complete_order(shop, document) if kind == "orders" and what != "deleted" else document
        found = provider.read_item(kind, item, gone=what == "deleted")
        with transaction.atomic():
            # Two workers may be at the same message: whoever comes second finds it done.
            if not Message.objects.select_for_update().filter(pk=message.pk, state="pending").exists():
                return
            take_items(shop, [found], live=True, by=None, now=now)
            Message.objects.filter(pk=message.pk).update(state="done", body="", error="")
    except (VafaError, ValueError, KeyError, TypeError, AttributeError) as problem:
        _fail(message, problem, now)


def _fail(message: Message, problem: Exception, now: datetime) -> None:
    attempts = message.attempts + 1
    # The code of what went wrong, or its kind: the text of a strange document could hold anything.
    error = str(problem)[:500] if isinstance(problem, VafaError) else type(problem).__name__
    is_last = attempts > len(WAITS)
    Message.objects.filter(pk=message.pk, state="pending").update(
        attempts=attempts,
        error=error,
        state="failed" if is_last else "pending",
        body="" if is_last else message.body,
        not_before=now if is_last else now + WAITS[attempts - 1],
    )


def forget_old_messages(now: datetime) -> None:
    """Remove the messages of more than a month ago. Shops send none again after days."""
    Message.objects.filter(received_at__lt=now - KEEP).exclude(state="pending").delete()
