"""After an erasure no table holds a word of the person, whichever database the records are in."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection

from vafa.data.consent.actions import ask_erasure, go_on, suppress
from vafa.data.consent.tests.world import add, say
from vafa.data.customers.actions import change_customer
from vafa.data.customers.models import Customer
from vafa.data.intake.actions import take_things
from vafa.data.intake.types import Arrival, Kind, Thing
from vafa.data.interactions.actions import change_entry, write_down
from vafa.data.interactions.types import Entry
from vafa.data.staff.models import Staff

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
WORDS = ("quackenbush", "zebulon", "9121234567", "1980-02-03", "تهرانی")
HEAD = {"customer": "a7", "email": "zeb.quackenbush@example.com", "phone": "+989121234567"}


def bring(what: Kind, **fields: str) -> None:
    thing = Thing(({**HEAD, **fields},), {"Remark": "Zebulon likes tea"})
    outcomes = take_things(Arrival(what, "shop", [thing]), by=None, now=NOW)
    assert outcomes[0].state == "new", outcomes


def find_words() -> list[str]:
    """In which tables any of the words stands, whatever the column is."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            text = "\n".join(map(str, cursor.fetchall())).lower()
            found += [f"{table}: {word}" for word in WORDS if word in text]
    return found


def test_no_table_holds_a_word_of_who_was_erased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    staff = Staff.objects.create_user("s@example.com", None, role="owner", created_at=NOW)
    bring("customers", name="Zebulon Quackenbush", birthday="1980-02-03", company="Quackenbush Sons")
    bring("orders", order="1", at="2026-02-01", product="tea", amount="10")
    bring("interactions", interaction="2", kind="call", at="2026-02-02", text="Zebulon asked")
    person = Customer.objects.get()
    change_customer(person.pk, {"name": "زبولون تهرانی", "tags": ["Quackenbush"]}, by=staff, now=NOW)
    entry = Entry("note", date(2026, 2, 3), None, "Zebulon again")
    written = write_down(person.pk, entry, by=staff, now=NOW)
    change_entry(written.key, Entry("note", date(2026, 2, 3), None, "Quackenbush again"), by=staff, now=NOW)
    say(person, True, source="Quackenbush on paper")
    suppress("zeb.quackenbush@example.com", "IR", reason="", everything=True, by=staff, now=NOW)
    add("Bob Stays", ("email", "bob@example.com"))
    tables = {one.partition(":")[0] for one in find_words()}
    assert {"customers_customer", "customers_contactpoint", "interactions_interaction"} <= tables
    erasure = ask_erasure(person.pk, by=staff, now=NOW)
    assert go_on(erasure, now=NOW, hurry=True)
    assert find_words() == []
    assert Customer.objects.filter(name="Bob Stays").exists()
