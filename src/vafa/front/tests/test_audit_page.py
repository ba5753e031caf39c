"""The page of the audit trail: searched, cut into pages, exported, and never written to."""

from datetime import timedelta

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.staff.models import Staff
from vafa.front.seen import describe_device
from vafa.front.tests.conftest import NOW
from vafa.kit.audit import record
from vafa.kit.models import AuditEntry
from vafa.kit.origin import Origin, coming_from

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)


def count_rows(client: Client, query: str) -> int:
    page = client.get(f"/settings/audit/?{query}").content.decode()
    return page.count('<td class="num">')


def test_it_is_searched_by_who_what_whose_when_and_where(signed_in: Client, owner: Staff) -> None:
    change_business(by=None, now=NOW, calendar="jalali", zone="Asia/Tehran")
    with coming_from(Origin("10.0.0.7", "Firefox, Windows")):
        record("customer.seen", by=owner, now=NOW, subject="customer:12")
    record("customer.seen", by=owner, now=NOW, subject="customer:121")
    # Half past eleven at night in Tehran on the last day of Dey 1404.
    record("target.set", by=None, now=NOW.replace(month=1, day=20, hour=20), subject="target:1")
    assert count_rows(signed_in, "whose=12&what=customer.seen") == 1
    assert count_rows(signed_in, "whose=customer:121") == 1
    assert count_rows(signed_in, "whose=%DB%B1%DB%B2") == 1
    assert count_rows(signed_in, f"who={owner.pk}&what=customer.seen") == 2
    assert count_rows(signed_in, "who=command&what=target.set") == 1
    assert count_rows(signed_in, "where=10.0.0&what=customer.seen") == 1
    assert count_rows(signed_in, "where=firefox") == 1
    assert count_rows(signed_in, "from=1404/10/30&until=1404/10/30") == 1
    assert count_rows(signed_in, "until=1404/10/29&what=target.set") == 0
    assert "customer:12" in signed_in.get("/settings/audit/?whose=12").content.decode()
    wrong = signed_in.get("/settings/audit/?from=yesterday")
    assert wrong.status_code == 422
    for query in (
        "who=x",
        "who=99999999999999999999",
        "before=x",
        "after=-1",
        "until=9999/12/31",
        "whose=%00",
    ):
        assert signed_in.get(f"/settings/audit/?{query}").status_code in (200, 422), query


def test_its_pages_lose_and_double_no_row(signed_in: Client) -> None:
    for number in range(120):
        record("target.set", by=None, now=NOW + timedelta(minutes=number), subject=f"target:{number}")
    seen, query = [], "what=target.set"
    for _page in range(4):
        context = signed_in.get(f"/settings/audit/?{query}").context
        seen += [row["subject"] for row in context["rows"]]
        if context["next_url"] is None:
            break
        query = context["next_url"][1:]
    assert seen == [f"target:{number}" for number in reversed(range(120))]
    back = signed_in.get(f"/settings/audit/{context['previous_url']}").context
    assert [row["subject"] for row in back["rows"]] == seen[50:100]


def test_the_file_holds_what_the_page_looks_for_and_taking_it_is_noted(signed_in: Client) -> None:
    record("target.set", by=None, now=NOW, subject="target:1")
    record("target.removed", by=None, now=NOW, subject="target:2")
    content = signed_in.get("/settings/audit.csv?what=target.set").content.decode()
    assert "target:1" in content
    assert "target:2" not in content
    assert AuditEntry.objects.filter(action="audit.exported", details={"fields": ["what"]}).exists()


def test_nothing_on_it_writes(signed_in: Client) -> None:
    for path in ("/settings/audit/", "/settings/audit.csv"):
        for send in (signed_in.post, signed_in.put, signed_in.patch, signed_in.delete):
            assert send(path).status_code in (302, 405), path


def test_what_is_done_bears_address_and_device(signed_in: Client) -> None:
    sent = {"what": "details", "name": "Sara", "language": "", "theme": ""}
    signed_in.post("/my-account/", sent, headers={"user-agent": FIREFOX})
    entry = AuditEntry.objects.get(action="staff.details_changed")
    assert (entry.address, entry.device) == ("127.0.0.1", "Firefox, Windows")
    assert describe_device(CHROME) == "Chrome, Android"
    assert describe_device("curl/8.5.0\x00" + "x" * 500) == "curl/8.5.0" + "x" * 49
    assert describe_device("") == ""
