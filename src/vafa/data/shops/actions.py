"""Connecting shops, and going on with them."""

import re
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.log.queries import find_source_id
from vafa.data.shops.inbox import NotSigned, forget_old_messages, take_message, work_off_messages
from vafa.data.shops.models import Shop
from vafa.data.shops.providers import get_provider
from vafa.data.shops.pulling import pull
from vafa.data.shops.types import PROVIDERS, SHOPIFY, KeyRefused, ShopBusy, ShopUnusable
from vafa.kit.audit import record
from vafa.kit.outbound import NotSent, check_address, list_allowed

__all__ = [
    "NotSigned",
    "change_key",
    "connect_shop",
    "forget_old_messages",
    "load_again",
    "pull",
    "register_hooks",
    "remove_shop",
    "switch_shop",
    "take_message",
    "work_off_messages",
]


def connect_shop(
    provider: str, name: str, url: str, key: str, secret: str, hook_secret: str, *, by: Any, now: datetime
) -> Shop:
    """Connect a shop after asking it once; its history is then read in the background. Raises ShopUnusable, which names
    the field to mend."""
    if provider not in PROVIDERS:
        raise ShopUnusable(_("Choose the kind of shop."), about="provider")
    shop = Shop(
        provider=provider,
        name=name,
        url=settle_url(url),
        key=key,
        secret=secret,
        hook_secret=hook_secret or ("" if provider == SHOPIFY else secrets.token_urlsafe(32)),
        token=secrets.token_urlsafe(24),
        not_before=now,
        created_at=now,
        by=by if getattr(by, "pk", None) else None,
    )
    shop.source_name = _choose_source(shop)
    check_shop(shop)
    with transaction.atomic():
        shop.save()
        record("shop.connected", by=by, now=now, subject=f"shop:{shop.pk}", provider=provider)
    return shop


def settle_url(url: str) -> str:
    """The address of a shop as it is kept. Raises ShopUnusable where it can't be one, or its key would go over it in
    the clear."""
    text = url.strip().rstrip("/")
    text = text if re.match(r"[a-z]+://", text) else f"https://{text}"
    try:
        host, _port = check_address(text)
    except NotSent as problem:
        raise ShopUnusable(problem.message, problem.remedy) from problem
    if urlsplit(text).scheme != "https" and host.lower() not in list_allowed():
        raise ShopUnusable(
            _("Over http the key could be read on the way."), _("Enter the address with https://.")
        )
    return text


def check_shop(shop: Shop) -> None:
    """Ask a shop once. Raises ShopUnusable with what is wrong."""
    try:
        get_provider(shop.provider).check(shop)
    except KeyRefused as problem:
        raise ShopUnusable(problem.message, problem.remedy, about="secret") from problem
    except (NotSent, ShopBusy) as problem:
        raise ShopUnusable(problem.message, str(problem.remedy)) from problem


def _choose_source(shop: Shop) -> str:
    """A source of its own, named after the shop's host; facts of the same shop connected again meet their old ones."""
    host = (urlsplit(shop.url).hostname or shop.name)[:50]
    path = urlsplit(shop.url).path.strip("/").replace("/", ".")
    name = f"{host}.{path}"[:55] if path else host
    if Shop.objects.filter(source_name=name).exists():
        raise ShopUnusable(_("This shop is connected already."), _("Change its key on its page instead."))
    return name


def change_key(shop: Shop, key: str, secret: str, hook_secret: str, *, by: Any, now: datetime) -> None:
    """Give a shop new keys, after asking it with them; blanks leave what is there. Raises ShopUnusable."""
    shop.key, shop.secret = key or shop.key, secret or shop.secret
    shop.hook_secret = hook_secret or shop.hook_secret
    check_shop(shop)
    with transaction.atomic():
        shop.error, shop.not_before = "", now
        shop.save(update_fields=["key", "secret", "hook_secret", "error", "not_before"])
        record("shop.key_changed", by=by, now=now, subject=f"shop:{shop.pk}")


@transaction.atomic
def switch_shop(shop: Shop, is_on: bool, *, by: Any, now: datetime) -> None:
    """Stop asking a shop and taking its webhooks, or go on where it stopped."""
    if Shop.objects.filter(pk=shop.pk).exclude(is_on=is_on).update(is_on=is_on, not_before=now):
        record("shop.switched", by=by, now=now, subject=f"shop:{shop.pk}", is_on=is_on)


@transaction.atomic
def load_again(shop: Shop, *, by: Any, now: datetime) -> None:
    """Read the whole history once more; what is known already stays as it is."""
    Shop.objects.filter(pk=shop.pk).update(
        phase="",
        cursor="",
        since=None,
        loaded_at=None,
        counts={},
        totals={},
        problems=[],
        error="",
        not_before=now,
    )
    record("shop.loaded_again", by=by, now=now, subject=f"shop:{shop.pk}")


@transaction.atomic
def remove_shop(shop: Shop, *, by: Any, now: datetime) -> None:
    """Disconnect a shop: its keys go, what it has told stays."""
    record("shop.removed", by=by, now=now, subject=f"shop:{shop.pk}", source=find_source_id(shop.source_name))
    shop.delete()


def register_hooks(shop: Shop, address: str, *, by: Any, now: datetime) -> int:
    """Ask the shop to tell of what happens; how many topics are new. Raises ShopUnusable."""
    try:
        new = int(get_provider(shop.provider).register_hooks(shop, address))
    except (KeyRefused, NotSent, ShopBusy) as problem:
        raise ShopUnusable(problem.message, str(problem.remedy)) from problem
    record("shop.hooks_registered", by=by, now=now, subject=f"shop:{shop.pk}", topics=new)
    return new
