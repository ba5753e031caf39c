"""Sending accounts are added, changed and tried on their pages; secrets are kept and never shown; moneys never mix."""

from decimal import Decimal

import pytest
from django.test import Client

from tests.support.bot import run_bot_server
from tests.support.kavenegar import run_kavenegar
from vafa.act.followups.tests.conftest import Team
from vafa.act.messaging.models import Account, Sending
from vafa.act.messaging.queries import find_rate, list_sms_presets, read_secrets
from vafa.data.business.models import Business

pytestmark = pytest.mark.django_db
NEW = "/settings/sending/new/"


@pytest.fixture
def iran(team: Team, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")
    told = {"country": "IR", "currency": "IRT", "phone_region": "IR"}
    Business.objects.update_or_create(pk=1, defaults=told)
    client.force_login(team.owner)
    return client


def build_form(**changes: object) -> dict[str, object]:
    return {
        "name": "Line 1", "profile": "ir_kavenegar", "line": "advertising", "sender": "10004346",
        "purposes": ["marketing", "service"], "part_amount": "۱۵۰", "currency": "IRT", "key": "testkey0123456789",
    } | changes  # fmt: skip


def test_an_account_with_kavenegar_is_added_tried_and_changed_without_its_key_again(iran: Client) -> None:
    with run_kavenegar() as server:
        made = iran.post(f"{NEW}kavenegar/", build_form(url=server.url))
        page = iran.get(made["Location"]).content.decode()
        account = Account.objects.get()
        assert (account.profile, account.settings["part_amount"]) == ("ir_kavenegar", "150")
        assert "testkey0123456789" not in page
        assert f"/in/messages/{account.pk}." in page
        tried = iran.post(f"{made['Location']}try/", {"number": "۰۹۱۲۱۲۳۴۵۶۷", "text": "سلام"}, follow=True)
        [sent] = server.list_to("09121234567")
        assert (sent.text, sent.sender, Sending.objects.count()) == ("سلام", "10004346", 0)
        assert "120" in tried.content.decode()  # 1,200 rials, told by the provider, are 120 tomans
        iran.post(made["Location"], build_form(url=server.url, key="", name="Line 2"))
        account.refresh_from_db()
        assert (account.name, read_secrets(account)["key"]) == ("Line 2", server.key)
        hook = account.settings["hook"]
        iran.post(f"{made['Location']}hook/")
        account.refresh_from_db()
        assert account.settings["hook"] != hook
        assert read_secrets(account)["key"] == server.key


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""}, {"sender": "Shop"}, {"line": "named"}, {"line": "shared"}, {"currency": "USD"},
        {"part_amount": "free"}, {"window_from": "10:00"}, {"window_from": "20:00", "window_until": "9:00"},
        {"rate_second": "0"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(iran: Client, wrong: dict[str, str]) -> None:
    assert iran.post(f"{NEW}kavenegar/", build_form(**wrong)).status_code == 422
    assert not Account.objects.exists()


def test_every_provider_known_fills_a_form_that_can_be_saved(iran: Client) -> None:
    for preset in list_sms_presets():
        form = iran.get(f"{NEW}sms_http/?preset={preset.key}").context["form"]
        told = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
        told |= {"name": preset.key, "sender": "3000505", "user": "u", "password": "p", "key": "k"}
        told |= {} if told["url"] else {"url": "https://sms.example/send"}
        assert iran.post(f"{NEW}sms_http/", told).status_code == 302, preset.key
    assert Account.objects.count() == len(list_sms_presets())
    broken = told | {"body_kind": "form", "method": "POST", "body": "to={to}", "url": "https://sms.example/"}
    assert iran.post(f"{NEW}sms_http/", broken).status_code == 422


def test_a_bot_says_who_it_is_and_what_is_done_by_hand_has_its_channel(iran: Client) -> None:
    with run_bot_server() as server:
        told = {
            "name": "Bot", "messenger": "other", "url": server.url, "token": server.token, "purposes": "service",
        }  # fmt: skip
        made = iran.post(f"{NEW}bot/", told)
        iran.post(f"{made['Location']}try/")
        assert Account.objects.get().settings["username"] == server.username
    for form, channel in (("call", "phone"), ("note", "post")):
        iran.post(f"{NEW}staff/", {"name": form, "form": form, "purposes": "marketing", "part_amount": "5"})
        assert Account.objects.get(name=form).channel == channel
    assert iran.get(f"{NEW}pigeon/").status_code == 404


def test_money_is_turned_by_what_is_stated_and_never_mixed() -> None:
    assert find_rate("IRR", {}, "IRT") == Decimal("0.1")
    assert find_rate("IRR", {}, "USD") is None
    stated = {"currency": "IRT", "exchange": "0.00001"}
    assert find_rate("IRT", stated, "USD") == Decimal("0.00001")
    assert find_rate("IRR", stated, "USD") == Decimal("0.000001")
    assert find_rate("EUR", stated, "USD") is None
