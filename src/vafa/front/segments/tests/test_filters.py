"""Lists and figures narrowed to a segment, and split by segments."""

from datetime import date

import pytest
from django.test import Client

from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import MAY, NOW, Shop, sign_in
from vafa.kit.permissions import Role
from vafa.measure.metrics.queries import get_metric
from vafa.measure.segments.actions import create_segment, rebuild_due
from vafa.measure.segments.queries import build_chosen, get_metric_by_segment
from vafa.measure.segments.types import Definition, FactCondition, FactFilter, Group
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db(transaction=True)

MAY_START, JUNE_START = date(2025, 5, 1), date(2025, 6, 1)


@pytest.fixture
def ann(shop: Shop, owner: Staff) -> Client:
    """The analyst's browser; of those who bought in Berlin there is a segment, and one of those who did in Bonn."""
    for city in ("Berlin", "Bonn"):
        bought = FactCondition("purchase", filters=(FactFilter("location", (city,)),))
        create_segment(city, Definition(Group("all", (bought,))), by=None, now=NOW)
    rebuild_due(NOW)
    return sign_in(shop.hire(Role.ANALYST))


def ids(client: Client, path: str) -> set[int]:
    return {row.id for row in client.get(path).context["rows"]}


def test_the_list_of_customers_is_narrowed(ann, shop):
    assert ids(ann, "/customers/?segment=berlin") == {shop.staying, shop.leaving, shop.returning}
    assert ids(ann, "/customers/?segment=bonn&state=lost") == {shop.leaving, shop.newcomer}
    assert ids(ann, "/customers/?segment=bonn&q=Anna") == {shop.newcomer}
    assert ids(ann, "/customers/?segment=berlin&q=Anna") == set()
    page = ann.get("/customers/?segment=berlin").content.decode()
    assert '<option value="berlin" selected>Berlin</option>' in page
    body = b"".join(ann.get("/customers/export.csv?segment=bonn").streaming_content).decode()
    assert body.count("\n") == 3


def test_figures_are_of_those_who_were_in_it_when_the_period_began(ann, shop):
    snapshot = open_snapshot()
    table = get_metric(
        "crr", start=MAY_START, end=JUNE_START, chosen=build_chosen("bonn", snapshot), snapshot=snapshot
    )
    # When May began only the one who then left had ever bought in Bonn; the newcomer came there later.
    assert (table.rows[0].counts.start, table.rows[0].counts.new, table.rows[0].value) == (1, 0, 0.0)
    assert "Only of those who were in the segment when the period began." in table.definition
    context = ann.get(f"/overview/?{MAY}&segment=bonn").context
    assert context["segment"].name == "Bonn"
    page = ann.get(f"/overview/?{MAY}&segment=bonn").content.decode()
    assert "Only of those who were in the segment" in page
    assert ids(ann, f"/names/lost/?{MAY}&segment=bonn") == {shop.leaving}
    assert ids(ann, f"/names/lost/?{MAY}&segment=berlin") == {shop.leaving}
    assert ids(ann, f"/names/new/?{MAY}&segment=bonn") == set()
    assert ids(ann, f"/names/start/?{MAY}") == {shop.staying, shop.leaving}


def test_an_unknown_segment_is_told_of_and_left_out(ann):
    page = ann.get(f"/overview/?{MAY}&segment=nowhere").content.decode()
    assert "There is no segment named “nowhere”." in page
    assert ann.get(f"/overview/?{MAY}&segment=nowhere").context["segment"] is None


def test_figures_are_split_by_segments_which_overlap(ann, shop):
    snapshot = open_snapshot()
    table = get_metric_by_segment("crr", start=MAY_START, end=JUNE_START, snapshot=snapshot)
    assert {row.group: (row.counts.start, row.value) for row in table.rows} == {
        "Berlin": (2, 0.5),
        "Bonn": (1, 0.0),
    }
    assert not table.adds_up
    split = ann.get(f"/overview/?{MAY}&by=segment").context["parts"]
    assert any("Berlin" in part for part in split)
    assert ids(ann, f"/names/start/?{MAY}&by=segment&group=Berlin") == {shop.staying, shop.leaving}
    for show in ("groups", "trend", "heat", "compare&with=group&group=Berlin&other=Bonn"):
        page = ann.get(f"/explore/?metric=crr&{MAY}&by=segment&show={show}")
        assert page.status_code == 200
        assert "Bonn" in page.content.decode()


def test_what_is_split_by_segments_follows_them(ann, shop):
    before = ann.get(f"/explore/?metric=crr&{MAY}&by=segment&show=groups").content.decode()
    assert "Fresh" not in before
    create_segment("Fresh", Definition(Group("all", (FactCondition("purchase"),))), by=None, now=NOW)
    rebuild_due(NOW)
    assert "Fresh" in ann.get(f"/explore/?metric=crr&{MAY}&by=segment&show=groups").content.decode()


def test_a_split_by_segments_of_which_none_is_built_says_so(shop):
    table = get_metric_by_segment("crr", start=MAY_START, end=JUNE_START, snapshot=open_snapshot())
    assert (table.rows, table.reason) == ((), "no_segment_built")
