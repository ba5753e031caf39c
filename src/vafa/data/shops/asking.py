"""Asking a shop, with its answers told apart: good, not now, not with this key."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from vafa.data.shops.types import KeyRefused, ShopBusy, ShopUnusable
from vafa.kit.outbound import Reply, send

SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(hours=1)
SECONDS = 60.0
MOST_BYTES = 64 * 1024 * 1024


def ask(
    address: str,
    *,
    headers: Mapping[str, str],
    query: Mapping[str, Any] | None = None,
    method: str = "GET",
    body: Any = None,
) -> tuple[Any, Reply]:
    """The document that a shop answers, and the answer itself. Raises NotSent, ShopBusy, KeyRefused, ShopUnusable."""
    url = f"{address}?{urlencode(query)}" if query else address
    sent = b"" if body is None else json.dumps(body).encode()
    told = {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "Vafa", **headers}
    reply = send(method, url, headers=told, body=sent, seconds=SECONDS, most_bytes=MOST_BYTES)
    if reply.status in (401, 403):
        raise KeyRefused(
            _("The shop does not accept the key (%(status)s).") % {"status": reply.status},
            _("Make a new key that may read orders, customers and products, and enter it here."),
        )
    if reply.status == 429 or reply.status >= 500:
        raise ShopBusy(
            _("The shop is busy (%(status)s); it is asked again later.") % {"status": reply.status},
            read_wait(reply),
        )
    try:
        document = json.loads(reply.body) if reply.is_good else None
    except ValueError:
        document = None
    if document is None:
        raise ShopUnusable(
            _("There is no shop of this kind at this address (%(status)s).") % {"status": reply.status},
            _(
                "Enter the address of the shop's front page, and see that its interface (REST) is switched on."
            ),
        )
    return document, reply


def read_wait(reply: Reply) -> timedelta:
    """How long the shop asks to be left alone; a minute where it does not say."""
    text = reply.headers.get("retry-after", "")
    try:
        asked = timedelta(seconds=float(text)) if text else timedelta(minutes=1)
    except (ValueError, OverflowError):
        asked = timedelta(minutes=1)
    return min(max(asked, SHORTEST_WAIT), LONGEST_WAIT)
