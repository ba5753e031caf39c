"""What providers of mail tell of our messages, read by django-anymail into its own events, and these into ours."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from anymail.exceptions import AnymailError
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.utils.module_loading import import_string

from vafa.act.messaging.accounts import read_secrets
from vafa.act.messaging.channels.anymail import PROVIDERS, Provider
from vafa.act.messaging.incoming import Report
from vafa.act.messaging.models import Account

MOST_EVENTS = 500
# What a call that is none makes of reading it.
_UNREADABLE = (
    AnymailError, ImproperlyConfigured, SuspiciousOperation, ValueError, TypeError, AttributeError, LookupError,
    RecursionError, OverflowError,
)  # fmt: skip
# Both ways of writing it: "550 5.1.1 ..." and "5.1.1".
_FOR_NOW = re.compile(r"(?:^|[^\d.])4(?:\d\d[ -]|\.\d{1,3}\.\d{1,3})")


def read_anymail(
    account: Account, query: str, body: bytes, content_type: str, headers: Mapping[str, str]
) -> list[Report]:
    """What a provider told of messages; nothing where it can't be read, or its signature is none."""
    provider = PROVIDERS.get(str(account.settings.get("provider", "")))
    if provider is None or not body:
        return []
    try:
        view, request = _build_view(account, provider), _build_request(query, body, content_type, headers)
        view.run_validators(request)
        events = view.parse_events(request)
    except _UNREADABLE:
        return []  # whatever strangers send
    found = [_read_event(event) for event in events[:MOST_EVENTS]]
    return [one for one in found if one is not None]


def _build_view(account: Account, provider: Provider) -> Any:
    known = import_string(f"anymail.webhooks.{provider.module}.{provider.view}")
    # The address that nobody can guess stands for the password that django-anymail would have.
    made = type(provider.view, (known,), {"warn_if_no_basic_auth": False})
    secrets = read_secrets(account)
    return made(**{name: secrets[name] for name in provider.hook if secrets.get(name)})


def _build_request(query: str, body: bytes, content_type: str, headers: Mapping[str, str]) -> WSGIRequest:
    environment: dict[str, Any] = {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()
    }
    return WSGIRequest(
        environment
        | {
            "REQUEST_METHOD": "POST", "PATH_INFO": "/", "QUERY_STRING": query, "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body), "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "wsgi.url_scheme": "https",
        }
    )  # fmt: skip


def _read_event(event: Any) -> Report | None:
    """An event of django-anymail's as ours; None for what is no news to us (opens, clicks, still on its way)."""
    kind, reason = str(event.event_type or ""), str(event.reject_reason or "")
    number, words = str(event.message_id or ""), str(event.mta_response or event.description or reason)
    if not number:
        return None
    if kind == "complained" or (kind == "rejected" and reason == "spam"):
        return Report(number, "complained", words)
    if kind == "unsubscribed" or (kind == "rejected" and reason == "unsubscribed"):
        return Report(number, "unsubscribed", words)
    if kind == "bounced" or (kind == "rejected" and reason in ("bounced", "invalid")):
        return Report(number, "bounced", "soft" if _is_soft(event, words) else "hard")
    if kind in ("failed", "rejected"):
        return Report(number, "undelivered", words)
    return Report(number, "delivered", words) if kind == "delivered" else None


def _is_soft(event: Any, words: str) -> bool:
    return _names_soft(event) or bool(_FOR_NOW.search(words))


def _names_soft(event: Any) -> bool:
    """Whether the provider itself calls a bounce soft, by whatever field it tells that."""
    told = event.esp_event
    if not hasattr(told, "get"):
        return False
    inner = told.get("event-data") if isinstance(told.get("event-data"), dict) else told
    fields = [inner.get(name) for name in ("Type", "event", "severity", "type")]
    hard = inner.get("hard_bounce")
    soft = any(str(one).lower() in ("softbounce", "soft_bounce", "temporary", "blocked") for one in fields)
    return soft or hard is False
