"""A dashboard behind a link: readable by whoever has it, for a while, without names and without ways in."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import NOW, Shop, sign_in
from vafa.kit import clock
from vafa.kit.models import RateWindow
from vafa.kit.permissions import Role
from vafa.measure.reports.actions import create_dashboard
from vafa.measure.reports.models import Dashboard, SharedLink
from vafa.measure.reports.types import Item

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ann(shop: Shop, owner: Staff) -> Staff:
    return shop.hire(Role.ANALYST)


@pytest.fixture
def dashboard(ann: Staff) -> Dashboard:
    items = (Item("crr"), Item("customers_lost", "number"), Item("crr", "table", by="location"))
    return create_dashboard("Board", is_shared=False, items=items, by=ann, now=NOW)


def share(ann: Staff, dashboard: Dashboard, days: str = "7") -> str:
    """Make a link on the page; the path that it shows."""
    client = sign_in(ann)
    answer = client.post(f"/reports/{dashboard.pk}/links/", {"label": "Board", "days": days}, follow=True)
    (url,) = re.findall(r'value="(http://testserver/shared/[^"]+)"', answer.content.decode())
    # Shown once: the next look at the page does not tell it again.
    assert url not in client.get(f"/reports/{dashboard.pk}/links/").content.decode()
    return url.removeprefix("http://testserver")


def test_whoever_has_the_link_reads_it_without_signing_in(ann: Staff, dashboard: Dashboard) -> None:
    answer = Client().get(share(ann, dashboard))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Customer retention rate (CRR)" in page
    assert "data up to 30 June 2025" in page
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert SharedLink.objects.get().seen == 1


def test_nothing_on_it_leads_into_the_product(ann: Staff, dashboard: Dashboard) -> None:
    page = Client().get(share(ann, dashboard)).content.decode()
    assert re.findall(r'<a [^>]*href="(?!#content)([^"]*)"', page) == []
    assert set(re.findall(r'action="([^"]*)"', page)) <= {"/language/"}
    assert "hx-" not in page


def test_no_customer_is_named(ann: Staff, shop: Shop) -> None:
    dashboard = create_dashboard(
        "Board", is_shared=True, items=[Item("crr", "table", by="company")], by=ann, now=NOW
    )
    page = Client().get(share(ann, dashboard)).content.decode()
    assert "Split by a field that names customers, so it is not shown here." in page
    for name in ("رضا کریمی", "پری گودرزی", "Anna Brown"):
        assert name not in page


def test_it_can_be_revoked(ann: Staff, dashboard: Dashboard) -> None:
    path = share(ann, dashboard)
    link = SharedLink.objects.get()
    assert sign_in(ann).get(f"/reports/{dashboard.pk}/links/{link.pk}/revoke/").status_code == 405
    sign_in(ann).post(f"/reports/{dashboard.pk}/links/{link.pk}/revoke/")
    answer = Client().get(path)
    assert answer.status_code == 410
    assert "This link is not valid any more." in answer.content.decode()
    assert "Board" not in answer.content.decode()


def test_it_expires(ann: Staff, dashboard: Dashboard) -> None:
    path = share(ann, dashboard)
    SharedLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert Client().get(path).status_code == 410


def test_it_closes_with_its_dashboard_and_its_maker(ann: Staff, dashboard: Dashboard) -> None:
    path = share(ann, dashboard)
    Dashboard.objects.update(deleted_at=NOW)
    assert Client().get(path).status_code == 410
    Dashboard.objects.update(deleted_at=None)
    assert Client().get(path).status_code == 200
    Staff.objects.filter(pk=ann.pk).update(is_active=False)
    assert Client().get(path).status_code == 410


def test_unknown_ones_are_not_there_and_nobody_tries_often(dashboard: Dashboard) -> None:
    stranger = Client()
    answers = [stranger.get(f"/shared/guess-{number}/").status_code for number in range(40)]
    assert set(answers) == {404, 429}
    assert answers.count(404) <= 60
    assert stranger.get("/shared/guess/").headers["Retry-After"].isdecimal()
    assert "127.0.0.1" not in str(RateWindow.objects.values())


def test_others_cannot_share_it(shop: Shop, dashboard: Dashboard) -> None:
    other = sign_in(shop.hire(Role.ANALYST, "bob@x.example"))
    assert other.get(f"/reports/{dashboard.pk}/links/").status_code == 404
    assert sign_in(shop.hire(Role.READ_ONLY)).get(f"/reports/{dashboard.pk}/links/").status_code == 403
