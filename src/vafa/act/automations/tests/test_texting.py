"""An automation that writes by text message: the same ledger, gate and consent, handed over by Kavenegar's protocol."""

import pytest

from tests.support.kavenegar import run_kavenegar
from vafa.act.automations.tests.conftest import NOW, World, on_order
from vafa.act.automations.types import StepTold
from vafa.act.messaging.actions import add_account, deliver
from vafa.data.consent.models import ConsentEntry
from vafa.data.consent.types import Channel
from vafa.data.customers.models import ContactPoint

pytestmark = pytest.mark.django_db
OFFER = StepTold("s1", "message", {"channels": ["sms"], "text": "rescue_price", "template": None})
NUMBERS = ("+989120000001", "+989120000002")


def test_who_allows_it_gets_the_text_and_nobody_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")
    asked, silent = (world.ledger.add_customer(f"c{n}", name="سارا رضایی") for n in range(2))
    for pk, number in zip((asked, silent), NUMBERS, strict=True):
        ContactPoint.objects.create(customer_id=pk, kind="phone", value=number)
    give = {"channel": "sms", "purpose": "marketing", "source": "a form", "way": "import"}
    ConsentEntry.objects.create(customer_id=asked, allowed=True, at=NOW, recorded_at=NOW, **give)
    with run_kavenegar() as server:
        add_account(
            "Kavenegar", Channel.SMS, "kavenegar", settings={"url": server.url, "sender": server.lines[0]},
            secrets={"key": server.key}, profile="ir_kavenegar", by=None, now=NOW,
        )  # fmt: skip
        world.switch_on(on_order(OFFER))
        for pk in (asked, silent):
            world.order(pk)
        world.work()
        counts = dict(deliver(NOW, tell_time=lambda: NOW).counts)
        assert counts == {"accepted": 1, "suppressed": 1}
        assert [one.receptor[-10:] for one in server.sent] == [NUMBERS[0][-10:]]
        text = server.sent[0].text
        assert text.startswith("سارا")
        assert "لغو" in text
