"""Programs are told of what is live, once a happening, signed, tried again, and never twice by two workers."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.web import Told, WebServer, run_web_server
from vafa.act.webhooks import actions, delivering
from vafa.act.webhooks.models import Delivery, Hook
from vafa.act.webhooks.rules import WAITS, decide_wait
from vafa.act.webhooks.types import HookUnusable
from vafa.data.log.actions import add_happening
from vafa.kit.models import AuditEntry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")
    with run_web_server() as server:
        yield server


def make_hook(web: WebServer, kinds: tuple[str, ...] = ("order_new",)) -> Hook:
    return actions.add_hook("test", f"{web.url}/hook", kinds, by=None, now=NOW)


def happen(kind: str = "order_new", *, live: bool = True, at: datetime = NOW) -> None:
    add_happening(kind, at=at, now=NOW, live=live, subject=7, customer=3)


def test_only_what_is_live_and_came_after_the_switch_on_is_told_and_once(web: WebServer) -> None:
    happen()
    hook = make_hook(web)
    happen(live=False)
    happen("customer_new")
    happen(at=NOW - timedelta(days=10))
    happen()
    assert actions.deliver(NOW) == 1
    assert actions.deliver(NOW) == 0
    told = json.loads(web.asked[0].body)
    assert (told["kind"], told["subject"], told["details"]) == ("order_new", 7, {"customer": 3})
    assert Delivery.objects.get().state == "delivered"
    actions.switch_hook(hook, False, by=None, now=NOW)
    happen()
    actions.switch_hook(hook, True, by=None, now=NOW)
    assert actions.deliver(NOW) == 0


def test_both_secrets_sign_while_one_takes_the_others_place(web: WebServer) -> None:
    hook = make_hook(web)
    before = hook.secret
    actions.rotate_secret(hook, by=None, now=NOW)
    happen()
    actions.deliver(NOW + timedelta(minutes=1))
    happen()
    actions.deliver(NOW + timedelta(days=3))
    both, one = (asked.headers["vafa-signature"].split(",") for asked in web.asked)
    for secret, parts, place in ((hook.secret, both, 1), (before, both, 2), (hook.secret, one, 1)):
        at = parts[0].removeprefix("t=")
        body = web.asked[0 if parts is both else 1].body
        digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        assert parts[place] == f"v1={digest}"
    assert (len(both), len(one)) == (3, 2)


def test_a_failure_is_tried_again_later_and_in_the_end_given_up(web: WebServer) -> None:
    make_hook(web)
    happen()
    web.answer = lambda asked: Told(503, b"busy")
    now = NOW
    for wait in WAITS:
        assert actions.deliver(now) == 1
        assert actions.deliver(now) == 0
        waiting = Delivery.objects.get()
        assert (waiting.state, waiting.status, waiting.answer) == ("pending", 503, "busy")
        assert waiting.not_before == now + wait
        now = now + wait
    actions.deliver(now)
    assert Delivery.objects.get().state == "failed"
    web.answer = lambda asked: Told(204)
    assert actions.send_again(Delivery.objects.get().pk, by=None, now=now)
    actions.deliver(now)
    assert Delivery.objects.get().state == "delivered"
    assert AuditEntry.objects.filter(action="hook.sent_again").exists()


def test_gone_is_gone(web: WebServer) -> None:
    assert decide_wait(1, 410, permanent=False) is None
    assert decide_wait(1, 500, permanent=False) == WAITS[0]
    assert decide_wait(1, None, permanent=True) is None


def test_a_private_address_is_refused_when_it_is_sent_to(
    web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_hook(web)
    monkeypatch.delenv("VAFA_ALLOW_PRIVATE")
    happen()
    actions.deliver(NOW)
    assert Delivery.objects.get().state == "failed"
    assert "VAFA_ALLOW_PRIVATE" in Delivery.objects.get().answer
    assert web.asked == []


def test_what_a_dead_worker_had_claimed_is_sent_after_its_lease(web: WebServer) -> None:
    make_hook(web)
    happen()
    while delivering.follow(Hook.objects.get().pk, NOW):
        pass
    assert delivering._claim(NOW) is not None
    assert delivering._claim(NOW) is None
    assert actions.deliver(NOW) == 0
    assert actions.deliver(NOW + delivering.LEASE + timedelta(seconds=1)) == 1
    assert Delivery.objects.get().attempts == 2


def test_following_again_after_a_cut_off_makes_no_second_delivery(web: WebServer) -> None:
    hook = make_hook(web)
    happen()
    before = hook.followed
    delivering.follow(hook.pk, NOW)
    Hook.objects.filter(pk=hook.pk).update(followed=before)
    delivering.follow(hook.pk, NOW)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("url", "kinds"), [("ftp://x/", ["order_new"]), ("https://x.example/", ["nonsense"])]
)
def test_what_can_t_work_is_refused_at_once(url: str, kinds: list[str]) -> None:
    with pytest.raises(HookUnusable):
        actions.add_hook("x", url, kinds, by=None, now=NOW)
