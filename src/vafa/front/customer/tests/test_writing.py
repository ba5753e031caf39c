"""Writing down on the customer file, through the pages."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.customers.actions import merge_customers
from vafa.data.customers.models import Customer
from vafa.data.interactions.models import Attachment, Interaction, Written
from vafa.front.overview.tests.shop import NOW, Shop, sign_in
from vafa.kit import clock
from vafa.kit.mail import StaffMail, set_mail_server
from vafa.kit.mail_server import MailServer
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role
from vafa.measure.metrics.queries import get_metric

MONTH: dict[str, Any] = {"start": date(2025, 5, 1), "end": date(2025, 6, 1)}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop's data end on 30 June 2025; so does the clock, but for the sessions of whoever is signed in."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def write(client: Client, customer: int, kind: str, **told: Any) -> Any:
    return client.post(f"/customers/{customer}/write/{kind}/", {"day": "2025-06-30", **told})


def get_events(client: Client, customer: int, query: str = "") -> Any:
    return client.get(f"/customers/{customer}/story/?{query}").context["story"]["events"]


def test_a_call_is_written_down_and_stands_on_the_story(shop: Shop, signed_in: Client) -> None:
    answer = write(signed_in, shop.staying, "call", text="Asked about cake", outcome="Reached", minutes="۱۲")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"/customers/{shop.staying}/")
    (event,) = [event for event in get_events(signed_in, shop.staying) if event.icon == "phone"]
    assert (event.title, event.text, event.source) == ("Call", "Asked about cake", "By hand")
    assert "Reached" in event.notes
    assert "12 minutes" in event.notes


def test_the_bar_shows_every_kind_and_needs_no_scripts(shop: Shop, signed_in: Client) -> None:
    page = signed_in.get(f"/customers/{shop.staying}/").content.decode()
    for kind in ("note", "call", "meeting", "visit", "message", "promise", "feedback", "leaving"):
        address = f"/customers/{shop.staying}/write/{kind}/"
        assert address in page
        alone = signed_in.get(address)
        assert b"<h1>" in alone.content
        fragment = signed_in.get(address, headers={"HX-Request": "true"})
        assert b"<h1>" not in fragment.content
        assert b'id="write"' in fragment.content


@pytest.mark.parametrize(
    ("kind", "told", "field"),
    [
        ("note", {"text": " "}, "text"),
        ("promise", {"text": "Call back"}, "due_on"),
        ("promise", {"text": "Call back", "due_on": "soon"}, "due_on"),
        ("call", {"text": "x", "minutes": "a while"}, "minutes"),
        ("call", {"text": "x", "day": "2025-08-01"}, "day"),
        ("leaving", {"text": "Too dear"}, "topic"),
    ],
)
def test_bad_input_is_told_beside_its_field(
    shop: Shop, signed_in: Client, kind: str, told: dict[str, str], field: str
) -> None:
    answer = write(signed_in, shop.staying, kind, **told)
    assert answer.status_code == 422
    assert field in answer.context["bar"]["form"].errors
    assert not Interaction.objects.exists()


def test_a_promise_is_late_after_its_day_and_can_be_kept(shop: Shop, signed_in: Client) -> None:
    write(signed_in, shop.staying, "promise", text="Send the offer", due_on="2025-06-28")
    (event,) = get_events(signed_in, shop.staying, "kind=promise")
    assert [badge.text for badge in event.badges] == ["Due on 28 June 2025", "3 days late"]
    assert signed_in.post(event.promise.url, {"state": "kept"}).status_code == 303
    (event,) = get_events(signed_in, shop.staying, "kind=promise")
    assert event.badges[1].text == "Kept"
    signed_in.post(event.promise.url, {"state": "open"})
    (event,) = get_events(signed_in, shop.staying, "kind=promise")
    assert event.badges[1].text == "3 days late"
    assert signed_in.post(event.promise.url, {"state": "perhaps"}).status_code == 404


def test_what_was_written_is_changed_taken_away_and_put_back(shop: Shop, signed_in: Client) -> None:
    write(signed_in, shop.staying, "feedback", text="Slow till", topic="service")
    (event,) = get_events(signed_in, shop.staying, "kind=feedback")
    assert event.badges[0].text == "Service"
    page = signed_in.get(event.edit_url)
    assert b"Slow till" in page.content
    signed_in.post(event.edit_url, {"text": "Slow till at noon", "topic": "staff", "day": "2025-06-30"})
    (event,) = get_events(signed_in, shop.staying, "kind=feedback")
    assert (event.text, event.badges[0].text, event.changed) == ("Slow till at noon", "Staff", "Changed")
    signed_in.post(f"{event.edit_url}remove/")
    page = signed_in.get(f"/customers/{shop.staying}/")
    assert page.context["removed_key"] == Written.objects.get().key
    assert get_events(signed_in, shop.staying, "kind=feedback") == []
    signed_in.post(f"{event.edit_url}restore/")
    (event,) = get_events(signed_in, shop.staying, "kind=feedback")
    assert event.text == "Slow till at noon"


def test_a_file_comes_back_as_it_was_sent_and_never_opens_here(shop: Shop, signed_in: Client) -> None:
    script = b"<script>alert(1)</script>"
    write(signed_in, shop.staying, "note", text="", files=SimpleUploadedFile("نامه.html", script))
    (event,) = get_events(signed_in, shop.staying, "kind=note")
    answer = signed_in.get(event.files[0].url)
    assert b"".join(answer) == script
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert AuditEntry.objects.filter(action="attachment.taken").exists()
    other = Attachment.objects.get().pk
    assert signed_in.get(f"/customers/{shop.leaving}/files/{other}/").status_code == 404


def test_whom_a_note_calls_gets_a_mail_without_the_customers_name(shop: Shop, signed_in: Client) -> None:
    set_mail_server(
        MailServer("localhost", 25, "none", "", "", "Vafa", "v@example.com"),
        keep_password=False,
        by=None,
        now=NOW,
    )
    called = shop.hire(Role.MANAGER, "sara@example.com")
    called.name = "Sara Ahmadi"
    called.save()
    write(signed_in, shop.staying, "note", text="@sara ahmadi please look; mail x@sara.com")
    mail = StaffMail.objects.get()
    assert mail.staff_id == called.pk
    assert "کریمی" not in mail.text + mail.subject
    assert f"/customers/{shop.staying}/" in mail.text
    (event,) = get_events(signed_in, shop.staying, "kind=note")
    assert event.notes[-1] == "Called: Sara Ahmadi"


def test_an_agent_writes_only_about_own_customers_and_changes_only_own_words(
    shop: Shop, signed_in: Client
) -> None:
    change_business(by=None, now=NOW, agents_own_only=True)
    agent = shop.hire(Role.AGENT)
    Customer.objects.filter(pk=shop.staying).update(owner=agent)
    client = sign_in(agent)
    assert write(client, shop.leaving, "note", text="x").status_code == 404
    assert client.get(f"/customers/{shop.leaving}/story/").status_code == 404
    write(signed_in, shop.staying, "note", text="The owner's words")
    write(signed_in, shop.leaving, "note", text="Hidden", files=SimpleUploadedFile("a.txt", b"a"))
    (event,) = get_events(client, shop.staying, "kind=note")
    assert event.edit_url == ""
    key = Written.objects.get(customer=shop.staying).key
    assert client.get(f"/customers/{shop.staying}/written/{key}/").status_code == 404
    client.post(f"/customers/{shop.staying}/written/{key}/remove/")
    assert Interaction.objects.filter(key=key).exists()
    hidden = Attachment.objects.get()
    # Neither through the customer's own address nor through one's own customer.
    assert client.get(f"/customers/{shop.leaving}/files/{hidden.pk}/").status_code == 404
    assert client.get(f"/customers/{shop.staying}/files/{hidden.pk}/").status_code == 404
    other = Written.objects.get(customer=shop.leaving).key
    assert client.post(f"/customers/{shop.staying}/written/{other}/remove/").status_code == 404


def test_who_may_only_read_sees_the_story_without_the_bar(shop: Shop, signed_in: Client) -> None:
    client = sign_in(shop.hire(Role.READ_ONLY))
    assert client.get(f"/customers/{shop.staying}/").context["bar"] is None
    assert write(client, shop.staying, "note", text="x").status_code == 403


def test_what_is_written_of_a_merged_customer_stays_reachable(shop: Shop, signed_in: Client) -> None:
    write(signed_in, shop.leaving, "note", text="Before the merge")
    merge_customers(shop.leaving, shop.staying, by=None, now=NOW)
    (event,) = get_events(signed_in, shop.staying, "kind=note")
    signed_in.post(event.edit_url, {"text": "After the merge", "day": "2025-06-30"})
    (event,) = get_events(signed_in, shop.staying, "kind=note")
    assert event.text == "After the merge"


def test_a_call_by_hand_counts_as_a_contact_and_holds_no_figure_back(shop: Shop, signed_in: Client) -> None:
    write(signed_in, shop.staying, "call", text="Hello", day="2025-05-28")
    shop.ledger.publish()
    (row,) = get_metric("days_since_last_contact", **MONTH, rule="purchase:30d").rows
    # The newcomer and the returning are active at the end of May too, and were never in touch.
    assert (row.value, row.details["never"], row.complete) == (4, 2, True)
