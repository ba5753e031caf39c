"""The builder without scripts: conditions added, changed, removed and nested by plain forms, counted, and saved."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import Shop, sign_in
from vafa.kit.permissions import Role
from vafa.measure.segments.queries import get_definition, list_segments
from vafa.measure.segments.types import (
    Definition,
    FactCondition,
    FieldCondition,
    Group,
    MeasureCondition,
    Since,
    Span,
    StateCondition,
)
from vafa.warehouse.actions import publish_column

pytestmark = pytest.mark.django_db(transaction=True)

BUILD = "/segments/build/"


@pytest.fixture
def ann(shop: Shop, owner: Staff) -> Client:
    """The analyst's browser."""
    return sign_in(shop.hire(Role.ANALYST))


def post(client: Client, do: str, **said: object):
    names = {name.replace("__", ".").replace("_n", "-"): value for name, value in said.items()}
    return client.post(BUILD, {"n.mode": "all", "do": do, **names})


def count(page: str) -> str:
    """The count of the preview; "" where there is none."""
    found = re.search(r"data-count>([^<]*)<", page)
    return found[1] if found else ""


def test_a_new_segment_begins_with_one_open_condition(ann):
    page = ann.get(BUILD).content.decode()
    assert 'name="n0.what"' in page
    assert "The count appears as soon as every condition is complete." in page
    assert "Choose what the condition is about." not in page  # nobody is greeted with a mistake


def test_conditions_are_added_changed_and_removed(ann):
    page = post(ann, "shape@0", **{"n0.what": "state:lost"}).content.decode()
    assert 'name="n0.since"' in page
    assert count(page) == "3"
    page = post(ann, "add@", **{"n0.what": "state:lost"}).content.decode()
    assert 'name="n1.what"' in page
    said = {"n0.what": "state:lost", "n1.what": "measure:revenue", "n1.op": "at_least", "n1.value": "۱۰۰"}
    page = post(ann, "preview", **said).content.decode()
    assert count(page) == "2"
    page = post(ann, "remove@0", **said).content.decode()
    assert 'name="n1.what"' not in page
    assert count(page) == "3"


def test_groups_stand_inside_groups(ann):
    page = post(ann, "group@", **{"n0.what": "state:lost"}).content.decode()
    assert 'name="n1.mode"' in page
    assert 'name="n1-0.what"' in page
    said = {
        "n0.what": "state:lost",
        "n1.mode": "none",
        "n1-0.what": "fact:purchase",
        "n1-0.op": "at_least",
        "n1-0.times": "1",
        "n1-0.f.location": ["Berlin"],
    }
    page = post(ann, "preview", **said).content.decode()
    assert count(page) == "1"  # only the newcomer never bought in Berlin
    page = post(ann, "remove@1", **said).content.decode()
    assert "n1.mode" not in page


def test_what_a_condition_is_about_brings_its_own_fields(ann):
    said = {"n0.what": "field:joined_on", "n0.was": "state:lost", "n0.since": "at_least"}
    page = post(ann, "shape@0", **said).content.decode()
    assert 'name="n0.span"' in page
    assert "n0.since" not in page


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "Choose what the condition is about."),
        ({"n0.what": "field:tag", "n0.op": "contains"}, "Choose at least one value."),
        ({"n0.what": "state:new", "n0.since": "at_most", "n0.since_days": "soon"}, "This is not a number."),
        ({"n0.what": "fact:purchase", "n0.times": "1.5"}, "Write a whole number."),
        ({"n0.what": "fact:purchase", "n0.span": "between"}, "Write the first day, the last day, or both."),
        ({"n0.what": "fact:purchase", "n0.span": "between", "n0.start": "yesterday"}, "Not a day."),
        (
            {"n0.what": "measure:orders", "n0.op": "between", "n0.value": "5", "n0.upper": "1"},
            "must not be below",
        ),
        ({"n0.what": "segment:"}, "Choose a segment."),
    ],
)
def test_what_is_wrong_stands_beside_the_condition(ann, said, told):
    answer = post(ann, "save", name="Mistaken", **{"n0.what": "", **said})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "The conditions are not complete." in page
    if said:
        beside = re.findall(r'<ul class="field-errors".*?</ul>', page, re.DOTALL)
        assert any(told in errors for errors in beside)
    assert not any(segment.name == "Mistaken" for segment in list_segments())


def test_a_segment_is_saved_built_and_changed(ann):
    said = {
        "n0.what": "fact:purchase", "n0.op": "at_least", "n0.times": "2", "n0.span": "last_days", "n0.days": "90",
    }  # fmt: skip
    answer = post(ann, "save", name="Regulars", colour="blue", **said)
    assert answer.headers["Location"] == "/segments/regulars/"
    expected = FactCondition("purchase", "at_least", 2, Span("last_days", days=90))
    assert get_definition("regulars") == Definition(Group("all", (expected,)))
    page = ann.get("/segments/regulars/").content.decode()
    assert "Regulars" in page
    assert "رضا کریمی" in page
    assert "Days with a purchase: at least 2 times, in the last 90 days" in page
    again = ann.get("/segments/regulars/edit/").content.decode()
    assert 'name="n0.days" value="90"' in again
    assert post(ann, "save", name="regulars", **said).status_code == 422  # the name is taken


def test_a_definition_comes_back_as_it_was_written(ann):
    from vafa.front.segments.reading import understand, write_draft

    definition = Definition(
        Group(
            "all",
            (
                FieldCondition("customer_location", "is_not", ("Bonn", "Köln")),
                FieldCondition("joined_on", "within", span=Span("this", every="year")),
                Group("any", (StateCondition("won_back", Since("at_most", 7)), StateCondition("never"))),
                MeasureCondition("lateness", "more_than", Decimal(2)),
                FactCondition("order", "at_most", 0),
            ),
        )
    )
    again = understand(write_draft(definition, "jalali"), "jalali", {})
    assert again.definition == definition


def test_the_preview_answers_alone(ann):
    answer = ann.post("/segments/preview/", {"n.mode": "all", "n0.what": "state:active"})
    page = answer.content.decode()
    assert count(page) == "1"
    assert "<html" not in page
    assert "€600.00" in page
    # In June, of who was active when it began: staying, newcomer, returning; only staying was kept.
    assert "33.3%" in page


def test_those_at_high_risk_are_counted_though_their_retention_is_not_known(ann, shop):
    said = {"n.mode": "all", "n0.what": "field:risk_band", "n0.op": "is", "n0.value": "high"}
    publish_column("risk_band", [shop.staying, shop.newcomer, shop.returning], [2, 0, 2], date(2025, 7, 1))
    page = ann.post("/segments/preview/", said).content.decode()
    assert count(page) == "2"
    assert "data-crr" not in page
    # Predicted as of a later day than the data reach: then it says so, in the page's language.
    publish_column("risk_band", [shop.staying], [2], date(2025, 8, 1))
    page = ann.post("/segments/preview/", said).content.decode()
    assert count(page) == ""
    assert "August 1, 2025" in page or "1 August 2025" in page


@pytest.mark.parametrize("role", [Role.AGENT, Role.READ_ONLY])
def test_who_may_not_change_segments_sees_them_only(shop, owner, role):
    client = sign_in(shop.hire(role))
    assert client.get("/segments/").status_code == 200
    assert "New segment" not in client.get("/segments/").content.decode()
    for path in (BUILD, "/segments/list/", "/segments/preview/"):
        assert client.post(path, {}).status_code == 403


def test_an_id_that_nobody_can_have_is_refused_beside_its_condition(ann):
    answer = post(ann, "show@", **{"n0.what": "field:owner", "n0.op": "is", "n0.value": "9" * 50})
    assert answer.status_code == 200
    assert count(answer.content.decode()) == ""


def test_a_name_without_a_visible_letter_is_none(ann):
    said = {"n0.what": "state:active"}
    for name in ("\u200b\u200b", "\u202e\u202c", "\u200e"):
        assert post(ann, "save", name=name, **said).status_code == 422
    assert post(ann, "save", name="\u202eTea", **said).status_code == 302
    assert "Tea" in {segment.name for segment in list_segments()}
