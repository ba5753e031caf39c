"""The pages behind links: they lead on safely, stop at once, show on GET, and are never "not found"."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import Team
from vafa.act.messaging.links import build_links
from vafa.act.messaging.models import Happened, Message, Sending
from vafa.data.consent.models import ConsentEntry
from vafa.data.consent.types import Channel, Purpose, Way
from vafa.data.customers.models import Customer, Profile

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)
BROWSER: Any = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}
CONTENT = {
    "channel": "email",
    "texts": {
        "en": {
            "subject": "x",
            "blocks": [
                {"kind": "button", "text": "Go", "url": "https://shop.example/a?c={{ code }}"},
                {"kind": "button", "text": "Go", "url": "https://shop.example/b"},
            ],
        }
    },
}


@pytest.fixture
def sending(team: Team) -> Sending:
    customer = Customer.objects.create(seq=10**6, name="Mary Miller")
    Profile.objects.create(customer=customer, language="en")
    message = Message.objects.create(
        origin="test:1", content=CONTENT, channels=["email"], purpose="marketing", created_at=NOW
    )
    return Sending.objects.create(
        message=message,
        customer=customer,
        channel="email",
        state="accepted",
        not_before=NOW,
        created_at=NOW,
        ended_at=NOW,
        values={"code": "A B"},
    )


def _links(sending: Sending):
    customer_id = sending.customer_id or 0
    return build_links(
        "", sending_id=sending.pk, customer_id=customer_id, channel="email", purpose="marketing"
    )


def test_a_link_leads_where_the_message_says_and_is_noted_once(client: Client, sending: Sending) -> None:
    for _time in range(2):
        answer = client.get(_links(sending).click(0), **BROWSER)
        assert (answer.status_code, answer["Location"]) == (302, "https://shop.example/a?c=A%20B")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert Happened.objects.get().bot is False


def test_what_a_scanner_does_is_noted_apart(client: Client, sending: Sending) -> None:
    assert client.head(_links(sending).click(0), **BROWSER).status_code == 302
    assert client.get(_links(sending).click(1), HTTP_USER_AGENT="curl/8").status_code == 302
    assert [one.bot for one in Happened.objects.all()] == [True, True]
    assert client.post(_links(sending).click(0)).status_code == 405


def test_all_links_at_once_are_no_persons_also_the_first(client: Client, sending: Sending) -> None:
    for number in (0, 1):
        client.get(_links(sending).click(number), **BROWSER)
    assert set(Happened.objects.values_list("bot", flat=True)) == {True}


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    "broken", ["/k/1.0.forged", "/k/https:%2F%2Fevil.example", "/stop/x/", "/k/1.9.AAAA"]
)
def test_a_broken_link_gets_a_page_and_leads_nowhere(client: Client, broken: str) -> None:
    answer = client.get(broken, {"next": "https://evil.example", "url": "https://evil.example"})
    assert answer.status_code == 200
    assert "Location" not in answer


def test_links_go_on_after_the_customer_and_the_message_are_gone(client: Client, sending: Sending) -> None:
    links = _links(sending)
    Customer.objects.all().delete()
    assert client.get(links.click(1), **BROWSER)["Location"] == "https://shop.example/b"
    assert client.post(links.stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.get(links.stop).status_code == 200
    Message.objects.all().delete()
    assert client.get(links.click(1), **BROWSER).status_code == 200
    assert client.post(links.stop).status_code == 302


def test_looking_changes_nothing_and_one_click_stops_at_once(client: Client, sending: Sending) -> None:
    stop = _links(sending).stop
    page = client.get(stop).content.decode()
    client.head(stop)
    assert not ConsentEntry.objects.exists()
    assert "Stop these messages" in page
    assert "data-post-after-human" in page
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(stop.rstrip("/"), {"List-Unsubscribe": "One-Click"}).status_code == 200
    entry = ConsentEntry.objects.get()
    assert (entry.allowed, entry.channel, entry.purpose, entry.way) == (
        False,
        Channel.EMAIL,
        Purpose.MARKETING,
        Way.ONE_CLICK,
    )
    assert Happened.objects.get().kind == "unsubscribed"


def test_a_person_may_take_it_back_on_the_page(client: Client, sending: Sending) -> None:
    stop = _links(sending).stop
    done = client.post(stop, follow=True)
    assert "Done." in done.content.decode()
    assert "/preferences/" in done.content.decode()
    client.post(stop, {"do": "back"})
    assert list(ConsentEntry.objects.order_by("pk").values_list("allowed", "way")) == [
        (False, Way.PAGE),
        (True, Way.PAGE),
    ]


def test_many_may_unsubscribe_from_one_address_and_guessing_is_slowed_down(
    client: Client, sending: Sending
) -> None:
    stop = _links(sending).stop
    assert {client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code for _time in range(40)} == {200}
    codes = [client.get(f"/stop/1.em.{number}.AAAAAAAAAAAA/").status_code for number in range(32)]
    assert codes[0] == 200
    assert codes[-1] == 429
    assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200


def test_the_page_speaks_the_customers_language(client: Client, sending: Sending) -> None:
    for code, words in (("fa", "لغو دریافت پیام"), ("ar", "إيقاف هذه الرسائل"), ("zh-hans", "退订此类消息")):
        Profile.objects.update(language=code)
        page = client.get(_links(sending).stop).content.decode()
        assert words in page
        assert f'lang="{"zh-hans" if code == "zh-hans" else code}' in page
    assert "Unsubscribe" in page or "退订" in page


def test_sent_long_ago_still_works(client: Client, sending: Sending) -> None:
    Sending.objects.update(ended_at=NOW - timedelta(days=4000))
    assert client.get(_links(sending).click(1), **BROWSER).status_code == 302
