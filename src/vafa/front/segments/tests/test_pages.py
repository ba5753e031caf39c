"""The pages of segments: the list, one segment, its members, who came and went, lists by hand."""

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.log.models import Happening
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import NOW, Shop, add_person, add_point, sign_in
from vafa.kit.permissions import Role
from vafa.measure.segments.actions import create_segment, make_presets, rebuild_due
from vafa.measure.segments.models import Segment
from vafa.measure.segments.queries import find_saved, list_segments
from vafa.measure.segments.types import Definition, Group, SegmentCondition, StateCondition

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ann(shop: Shop, owner: Staff) -> Client:
    """The analyst's browser; the ready segments are built."""
    make_presets(now=NOW)
    rebuild_due(NOW)
    return sign_in(shop.hire(Role.ANALYST))


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def ids(client: Client, path: str) -> set[int]:
    return {row.id for row in client.get(path).context["rows"]}


def test_the_list_shows_every_segment_with_its_count(ann, shop):
    cards = {card.slug: card for card in ann.get("/segments/").context["cards"]}
    assert len(cards) == 9
    assert (cards["active"].count, cards["active"].share) == ("1", "25.0%")
    assert cards["inactive"].count == "3"


def test_the_ready_segments_can_be_made_at_once(shop, owner):
    client = sign_in(shop.hire(Role.ANALYST))
    assert "No segments yet" in read(client, "/segments/")
    client.post("/segments/ready/")
    assert find_saved("active").count == 1


def test_one_segment_shows_its_members_and_its_conditions(ann, shop):
    page = read(ann, "/segments/inactive/")
    assert ids(ann, "/segments/inactive/") == {shop.leaving, shop.newcomer, shop.returning}
    assert "No longer active, for at most 180 days" in page
    found = ann.get("/segments/inactive/?sort=revenue&dir=down").context["rows"]
    assert found[0].id == shop.returning
    assert ann.get("/segments/nothing/").status_code == 404


def test_members_are_taken_as_a_file(ann, shop):
    answer = ann.get("/segments/inactive/members.csv?sort=name")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert {int(row[0]) for row in rows[1:]} == {shop.leaving, shop.newcomer, shop.returning}


def test_who_came_and_went_is_listed(ann, shop):
    Customer.objects.filter(pk=shop.leaving).update(excluded=True, seq=take_numbers(1))
    buyer = add_person(shop.ledger, "Comeback")
    shop.ledger.add_order(shop.newcomer, date(2025, 6, 28), 10)
    shop.ledger.add_order(buyer, date(2025, 3, 1), 10)
    shop.ledger.publish(date(2025, 6, 30))
    rebuild_due(NOW)
    lines = ann.get("/segments/inactive/").context["changes_shown"]
    assert (lines[0].entered, lines[0].left, lines[0].count) == ("1", "2", "2")
    assert ids(ann, lines[0].entered_url) == {buyer}
    assert ids(ann, lines[0].left_url) == {shop.newcomer}  # who is left out of the figures is in no list
    card = next(card for card in ann.get("/segments/").context["cards"] if card.slug == "inactive")
    assert card.change.text == "1 fewer than before"


def test_a_failed_build_is_told_and_the_members_stay(ann, shop):
    Segment.objects.filter(slug="active").update(error="Something broke", error_at=NOW)
    page = read(ann, "/segments/active/")
    assert "Something broke" in page
    assert "The members below are those of the last good build." in page
    assert ids(ann, "/segments/active/") == {shop.staying}
    assert "The last build failed" in read(ann, "/segments/")


def test_segments_are_copied_archived_and_brought_back(ann, shop):
    answer = ann.post("/segments/active/do/", {"do": "copy"})
    assert answer.headers["Location"] == "/segments/active-copy/edit/"
    assert find_saved("active-copy").name == "Active customers (2)"
    ann.post("/segments/active-copy/do/", {"do": "archive"})
    assert "active-copy" not in {segment.slug for segment in list_segments()}
    assert "Active customers (2)" in read(ann, "/segments/?show=archived")
    ann.post("/segments/active-copy/do/", {"do": "restore"})
    assert "active-copy" in {segment.slug for segment in list_segments()}
    create_segment("Uses it", Definition(Group("all", (SegmentCondition("active-copy"),))), by=None, now=NOW)
    ann.post("/segments/active-copy/do/", {"do": "archive"})
    assert "Uses it" in read(ann, "/segments/active-copy/")
    assert ann.post("/segments/active/do/", {"do": "explode"}).status_code == 404


def test_a_list_by_hand_takes_ids_phones_and_addresses(ann, shop):
    add_point(shop.leaving, "phone", "+4930123456")
    add_point(shop.newcomer, "email", "anna@example.com")
    for twin in (shop.staying, shop.returning):
        add_point(twin, "phone", "+4930999999")
    answer = ann.post("/segments/list/", {"name": "Guests"})
    base = answer.headers["Location"]
    texts = "K1\n030 123456\nAnna@example.com\nnobody\n030 999999\n"
    ann.post(f"{base}members/", {"do": "add", "texts": texts})
    page = read(ann, base)
    assert "3 customers were added." in page
    assert "2 lines mean nobody known, or several." in page
    assert "Several customers are known by this." in page
    assert ids(ann, base) == {shop.staying, shop.leaving, shop.newcomer}
    assert Happening.objects.filter(kind="entered_segment", live=True).count() == 3
    ann.post(f"{base}members/", {"do": "remove", "texts": f"id:{shop.staying}"})
    assert ids(ann, base) == {shop.leaving, shop.newcomer}
    line = next(line for line in ann.get(base).context["changes_shown"] if line.may_undo)
    ann.post(f"{base}changes/{line.id}/undo/")
    assert ids(ann, base) == {shop.staying, shop.leaving, shop.newcomer}
    ann.post(f"{base}changes/{line.id}/undo/")  # a second click does nothing
    assert ids(ann, base) == {shop.staying, shop.leaving, shop.newcomer}


def test_a_file_of_a_list_is_history(ann, shop):
    before = Happening.objects.filter(live=True).count()
    base = ann.post("/segments/list/", {"name": "From a file"}).headers["Location"]
    content = b"Customer ID,Note\nK2,x\nK3,y\nK99,z\n"
    ann.post(f"{base}members/", {"do": "add", "file": SimpleUploadedFile("guests.csv", content)})
    assert "1 line means nobody known, or several." in read(ann, base)
    assert ids(ann, base) == {shop.leaving, shop.newcomer}
    assert Happening.objects.filter(live=True).count() == before
    ann.post(f"{base}members/", {"do": "add", "file": SimpleUploadedFile("guests.pdf", b"%PDF-1.7 nothing")})
    assert 'role="alert"' in read(ann, base) or "notice-error" in read(ann, base)


def test_an_agent_sees_own_members_alone(ann, shop):
    agent = shop.hire(Role.AGENT)
    Customer.objects.filter(pk=shop.leaving).update(owner=agent, seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    rebuild_due(NOW)
    change_business(by=None, now=NOW, agents_own_only=True)
    client = sign_in(agent)
    cards = {card.slug: card for card in client.get("/segments/").context["cards"]}
    assert (cards["inactive"].count, cards["active"].count) == ("1", "0")
    assert ids(client, "/segments/inactive/") == {shop.leaving}
    context = client.get("/segments/inactive/").context
    assert context["changes_shown"] == []
    assert context["preview"].count == "1"
    change = Segment.objects.get(slug="inactive").changes.first()
    assert ids(client, f"/segments/inactive/changes/{change.pk}/entered/") == {shop.leaving}


def test_a_segment_never_built_says_so(ann, shop):
    create_segment("Fresh", Definition(Group("all", (StateCondition("active"),))), by=None, now=NOW)
    assert "Is being built" in read(ann, "/segments/")
    assert "it has not been built" in read(ann, "/segments/fresh/")
