"""Mail by a provider's own interface, in the words of django-anymail; every request goes through `kit.outbound`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import quote
from io import BytesIO
from typing import Any

import requests
from anymail.exceptions import AnymailError, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from vafa.act.messaging.channels.sms_http import name_status, read_wait
from vafa.act.messaging.types import Handed, NotHandedOver, Outcome, Outgoing
from vafa.kit.outbound import NotSent, Outlet, Reply, open_outlet

USUAL_LANES = 4
_BUSY, _SERVER_FAULT = 429, 500
_TAKEN = frozenset({"sent", "queued"})
# Of these headers `kit.outbound` sends its own.
_OWN_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


@dataclass(frozen=True)
class Provider:
    """How django-anymail calls what an account of a provider holds: `secrets` and `settings` by its names for them, and
    `hook` the secrets that its calls are checked with."""

    name: str
    module: str
    view: str
    url: str
    secrets: tuple[str, ...]
    settings: tuple[str, ...] = ()
    hook: tuple[str, ...] = ()


PROVIDERS: Mapping[str, Provider] = {
    "mailgun": Provider(
        "Mailgun", "mailgun", "MailgunTrackingWebhookView", "https://api.mailgun.net/v3",
        ("api_key", "webhook_signing_key"), ("sender_domain",), ("webhook_signing_key",),
    ),
    "postmark": Provider(
        "Postmark", "postmark", "PostmarkTrackingWebhookView", "https://api.postmarkapp.com/",
        ("server_token",), ("message_stream",),
    ),
    "sendgrid": Provider(
        "SendGrid", "sendgrid", "SendGridTrackingWebhookView", "https://api.sendgrid.com/v3/", ("api_key",)
    ),
    "brevo": Provider(
        "Brevo", "brevo", "BrevoTrackingWebhookView", "https://api.brevo.com/v3/", ("api_key",)
    ),
    "mailjet": Provider(
        "Mailjet", "mailjet", "MailjetTrackingWebhookView", "https://api.mailjet.com/v3.1/",
        ("api_key", "secret_key"),
    ),
    "sparkpost": Provider(
        "SparkPost", "sparkpost", "SparkPostTrackingWebhookView", "https://api.sparkpost.com/api/v1/", ("api_key",)
    ),
}  # fmt: skip


class _ThroughOutlet(BaseAdapter):
    """What a session of `requests` sends by: our one way out."""

    def __init__(self, outlet: Outlet) -> None:
        super().__init__()
        self.outlet = outlet

    def send(self, request: requests.PreparedRequest, *_told: Any, **_more: Any) -> requests.Response:
        """One request; raises NotSent."""
        body = request.body or b""
        headers = {
            name: value.decode() if isinstance(value, bytes) else str(value)
            for name, value in request.headers.items()
            if name.lower() not in _OWN_HEADERS
        }
        reply = self.outlet.send(
            request.method or "POST", request.url or "", headers=headers,
            body=body.encode() if isinstance(body, str) else bytes(body),  # type: ignore[arg-type]
        )  # fmt: skip
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = reply.status, request.url or "", request
        kept = {name: value for name, value in reply.headers.items() if name != "content-encoding"}
        answer.headers, answer.raw, answer.encoding = CaseInsensitiveDict(kept), BytesIO(reply.body), "utf-8"
        return answer

    def close(self) -> None:
        """The outlet is closed by whoever opened it."""


@dataclass(frozen=True)
class AnymailAdapter:
    """An account with a provider. `options` are what django-anymail asks for, secrets among them."""

    provider: Provider
    url: str
    options: Mapping[str, str] = field(repr=False)
    sender_name: str
    sender_address: str
    lanes: int = USUAL_LANES

    @contextmanager
    def open(self) -> Iterator["AnymailLine"]:
        """A line that is kept open."""
        backend_class = import_string(f"anymail.backends.{self.provider.module}.EmailBackend")
        try:
            with open_outlet(self.url) as outlet:
                backend = backend_class(api_url=self.url, **self.options)
                backend.open()
                session = backend.session
                session.trust_env, session.max_redirects = False, 0
                session.mount("https://", _ThroughOutlet(outlet))
                session.mount("http://", _ThroughOutlet(outlet))
                try:
                    yield AnymailLine(backend, self)
                finally:
                    backend.close()
        except NotSent as problem:
            raise NotHandedOver(Outcome.UNREACHABLE, str(problem), problem.code) from problem
        except AnymailError as problem:
            raise NotHandedOver(Outcome.UNREACHABLE, _shorten(problem), "credentials") from problem


@dataclass(frozen=True)
class AnymailLine:
    """An open way to the provider."""

    backend: Any
    adapter: AnymailAdapter

    def hand_over(self, outgoing: Outgoing) -> Handed:
        """Hand one mail over. Raises NotHandedOver."""
        message = self._build(outgoing)
        try:
            self.backend.send_messages([message])
        except NotSent as problem:
            outcome = Outcome.UNKNOWN if problem.may_have_arrived else Outcome.UNREACHABLE
            raise NotHandedOver(outcome, str(problem), problem.code) from problem
        except AnymailRecipientsRefused as problem:
            raise NotHandedOver(Outcome.REFUSED, _shorten(problem), _name_refusal(message)) from problem
        except AnymailRequestsAPIError as problem:
            raise _read_refusal(problem) from problem
        except (AnymailError, ValueError) as problem:
            # Nothing was asked yet: this mail can't be put into the provider's words.
            raise NotHandedOver(Outcome.REFUSED, _shorten(problem), "rejected") from problem
        status = message.anymail_status  # type: ignore[attr-defined]
        states = {str(one) for one in status.status or ()}
        if not states & _TAKEN:
            failed = "failed" in states
            outcome = Outcome.REFUSED if failed else Outcome.UNKNOWN
            raise NotHandedOver(outcome, ", ".join(sorted(states)), "rejected" if failed else "no_answer")
        told = status.message_id
        return Handed(str(told) if told else "", ", ".join(sorted(states)))

    def _build(self, outgoing: Outgoing) -> EmailMultiAlternatives:
        adapter = self.adapter
        sender = f'"{quote(adapter.sender_name)}" <{adapter.sender_address}>' if adapter.sender_name else ""
        headers = {**outgoing.headers, "Message-ID": outgoing.message_id}
        message = EmailMultiAlternatives(
            " ".join(outgoing.subject.split()), outgoing.text, sender or adapter.sender_address, [outgoing.to],
            headers={name: value for name, value in headers.items() if name != "Date" and value},
        )  # fmt: skip
        if outgoing.html:
            message.attach_alternative(outgoing.html, "text/html")
        return message


def _name_refusal(message: Any) -> str:
    """What a refused receiver is: no address, or one that the provider has stopped by itself."""
    states = set(message.anymail_status.status or ())
    return "bad_address" if "invalid" in states else "rejected"


def _read_refusal(problem: AnymailRequestsAPIError) -> NotHandedOver:
    response = problem.response
    if response is None:
        return NotHandedOver(Outcome.UNREACHABLE, _shorten(problem), "unreachable")
    status, words = int(response.status_code), " ".join(str(response.text)[:300].split())
    if status == _BUSY:
        told = Reply(status, {name.lower(): value for name, value in response.headers.items()}, b"")
        return NotHandedOver(Outcome.LATER, words, "busy", read_wait(told))
    # After a good answer that can't be read, or a fault of theirs, nobody knows whether it was taken.
    unsure = status >= _SERVER_FAULT or status < 300
    return NotHandedOver(Outcome.UNKNOWN if unsure else Outcome.UNREACHABLE, words, name_status(status))


def _shorten(problem: Exception) -> str:
    return " ".join(str(problem).split())[:300]


def build(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> AnymailAdapter:
    """The way out of an account with these settings. Raises LookupError for a provider that there is none of."""
    provider = PROVIDERS[str(settings.get("provider", ""))]
    told = {name: str(settings.get(name) or "") for name in provider.settings}
    told |= {name: secrets.get(name, "") for name in provider.secrets}
    return AnymailAdapter(
        provider,
        str(settings.get("url") or provider.url),
        {name: value for name, value in told.items() if value},
        str(settings.get("sender_name", "")),
        str(settings.get("sender_address", "")),
    )
