"""Tables that can be taken as a file: plain numbers for whoever may export, nothing for others."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.test import Client

import vafa
from vafa.data.business.actions import change_business
from vafa.data.staff.models import Staff
from vafa.front.audit_texts import describe_entry
from vafa.front.overview.tests.shop import NOW, Shop, sign_in
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role

FILES = {
    "/benchmarks": "industry",
    "/dictionary": "metric",
    "/settings/audit": "number",
    "/changes": "metric",
    "/quality": "check",
    "/segments/vip/changes": "at",
}


@pytest.mark.parametrize(("address", "first"), FILES.items())
def test_a_table_is_a_file_too(shop: Shop, signed_in: Client, owner: Staff, address: str, first: str) -> None:
    signed_in.post("/segments/ready/")
    change_business(by=owner, now=NOW, name="Another")
    text = signed_in.get(f"{address}.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert text.startswith(f"{first},")
    if address != "/changes":
        assert rows
        assert all(row[first] for row in rows)
    assert signed_in.get(f"{address}.xlsx").status_code == 200
    assert signed_in.get(f"{address}.pdf").status_code == 404
    agent = sign_in(shop.hire(Role.AGENT))
    assert agent.get(f"{address}.csv").status_code == 403


def test_the_files_are_offered_where_the_tables_stand(shop: Shop, signed_in: Client, owner: Staff) -> None:
    signed_in.post("/segments/ready/")
    for page in ("/benchmarks/", "/dictionary/", "/settings/audit/", "/quality/", "/segments/vip/"):
        shown = signed_in.get(page).content.decode()
        assert re.search(r'href="[^"]+\.xlsx"', shown), page
    reader = sign_in(shop.hire(Role.READ_ONLY))
    assert ".xlsx" not in reader.get("/dictionary/").content.decode()


def test_everything_that_is_noted_in_the_audit_trail_has_words() -> None:
    """The trail is read by people: no entry stands there by its code alone."""
    root = Path(vafa.__file__).parent
    noted = {
        found
        for file in root.rglob("*.py")
        if "tests" not in file.relative_to(root).parts
        for found in re.findall(r'\brecord\(\s*"([a-z_.]+)"', file.read_text(encoding="utf-8"))
    }
    assert len(noted) > 30
    wordless = {code for code in noted if describe_entry(AuditEntry(action=code, details={}))["what"] == code}
    assert not wordless
