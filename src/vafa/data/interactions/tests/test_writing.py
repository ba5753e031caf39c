"""Writing down by hand: facts like the imported ones, changed by whoever wrote them, with what was there before."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from vafa.data.customers.models import Customer
from vafa.data.interactions.actions import (
    add_topic,
    change_entry,
    forget_removed,
    remove_entry,
    restore_entry,
    set_topic_archived,
    settle_promise,
    sweep,
    write_down,
)
from vafa.data.interactions.attachments import FOLDER, clean_name, get_path
from vafa.data.interactions.models import Attachment, Interaction, Written, WrittenChange
from vafa.data.interactions.queries import list_promises, list_topics, list_written, name_topic
from vafa.data.interactions.types import (
    AttachmentRefused,
    Entry,
    EntryEmpty,
    EntryGone,
    EntryNotYours,
    EntryUnusable,
    TopicTaken,
)
from vafa.data.log.models import Feed, Happening, Removal
from vafa.data.staff.models import Staff
from vafa.kit.erasing import collect_person, erase_person
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
TODAY = NOW.date()

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    return tmp_path


def hire(role: Role = Role.AGENT, email: str = "a@example.com") -> Staff:
    return Staff.objects.create_user(email, None, role=role, name="Sara", created_at=NOW)


def add_customer() -> int:
    return Customer.objects.create(name="Reza", seq=1).pk


def build(kind: str = "note", text: str = "Likes tea", **told: Any) -> Entry:
    return Entry(kind=kind, day=told.pop("day", TODAY), at=told.pop("at", NOW), text=text, **told)


def get_fact(written: Written) -> Interaction:
    return Interaction.objects.select_related("source").get(key=written.key)


def test_a_call_is_a_fact_with_its_happening_and_a_line_of_the_audit_without_words():
    staff, customer = hire(), add_customer()
    written = write_down(
        customer, build("call", "Asked about prices", outcome="Reached", minutes=7), by=staff, now=NOW
    )
    fact = get_fact(written)
    assert (fact.source.name, fact.kind, fact.customer_id, fact.day) == ("by-hand", "call", customer, TODAY)
    assert (fact.text, fact.outcome, fact.minutes, fact.staff_name) == (
        "Asked about prices", "Reached", 7, "Sara",
    )  # fmt: skip
    happened = Happening.objects.get()
    assert (happened.kind, happened.subject, happened.live) == ("interaction.written", customer, True)
    assert happened.details == {"what": "call", "interaction": fact.pk}
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.staff_id) == (
        "interaction.written", f"customer:{customer}", staff.pk,
    )  # fmt: skip
    assert "prices" not in str(entry.details)
    assert Feed.objects.get(kind="interactions").closed


def test_what_happened_long_ago_is_history_and_never_acts():
    write_down(
        add_customer(), build(day=date(2025, 6, 1), at=datetime(2025, 6, 1, tzinfo=UTC)), by=hire(), now=NOW
    )
    assert not Happening.objects.get().live


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (build(text="  "), EntryEmpty),
        (build("promise", "Bring the papers"), EntryUnusable),
        (build("promise", "", due_on=TODAY), EntryEmpty),
        (build("poem"), EntryUnusable),
        (build("leaving", "", topic="no.such"), EntryUnusable),
        (build(day=date(1, 1, 1)), EntryUnusable),
        (build(text="x" * 20_001), EntryUnusable),
    ],
)
def test_what_cannot_be_written_is_refused_whole(entry: Entry, error: type[Exception]):
    with pytest.raises(error):
        write_down(add_customer(), entry, by=hire(), now=NOW)
    assert not Interaction.objects.exists()
    assert not Written.objects.exists()


def test_a_reason_for_leaving_needs_no_words():
    written = write_down(add_customer(), build("leaving", "", topic="competition.price"), by=hire(), now=NOW)
    assert name_topic("cause", written.topic) == "Competition: A better price elsewhere"


def test_who_wrote_it_changes_it_and_what_was_before_stays_known():
    staff = hire()
    written = write_down(add_customer(), build(), by=staff, now=NOW)
    before = get_fact(written).seq
    change_entry(written.key, build(text="Likes coffee"), by=staff, now=LATER)
    fact = get_fact(written)
    assert fact.text == "Likes coffee"
    assert fact.seq > before
    change = WrittenChange.objects.get()
    assert (change.before["text"], change.after["text"]) == ("Likes tea", "Likes coffee")
    audited = AuditEntry.objects.get(action="interaction.changed")
    assert audited.details["fields"] == ["text"]
    assert "tea" not in str(audited.details)


def test_others_change_it_only_with_the_permission():
    written = write_down(add_customer(), build(), by=hire(), now=NOW)
    other = hire(email="b@example.com")
    for act in (
        lambda: change_entry(written.key, build(text="Mine"), by=other, now=LATER),
        lambda: remove_entry(written.key, by=other, now=LATER),
    ):
        with pytest.raises(EntryNotYours):
            act()
    manager = hire(Role.MANAGER, "m@example.com")
    change_entry(written.key, build(text="Corrected"), by=manager, now=LATER)
    assert get_fact(written).text == "Corrected"


def test_what_is_taken_away_can_be_put_back_with_all_it_had():
    staff = hire()
    written = write_down(
        add_customer(),
        build("promise", "Call on Monday", due_on=date(2026, 1, 19)),
        by=staff,
        now=NOW,
        files=[SimpleUploadedFile("offer.pdf", b"%PDF")],
    )
    row = get_fact(written).pk
    remove_entry(written.key, by=staff, now=LATER)
    assert not Interaction.objects.exists()
    assert Removal.objects.filter(table="interaction", row=row).exists()
    assert list_written([written.key]) == {}
    assert list_promises() == []
    restore_entry(written.key, by=staff, now=LATER)
    fact = get_fact(written)
    assert (fact.text, fact.kind, fact.at) == ("Call on Monday", "promise", NOW)
    assert [promise.due_on for promise in list_promises()] == [date(2026, 1, 19)]
    assert get_path(Attachment.objects.get().place).read_bytes() == b"%PDF"
    with pytest.raises(EntryGone):
        restore_entry(written.key, by=staff, now=LATER)


def test_what_was_taken_away_is_forgotten_after_a_month_with_its_files(
    django_capture_on_commit_callbacks: Any,
):
    staff = hire()
    written = write_down(
        add_customer(), build(), by=staff, now=NOW, files=[SimpleUploadedFile("a.txt", b"a")]
    )
    path = get_path(Attachment.objects.get().place)
    remove_entry(written.key, by=staff, now=NOW)
    assert forget_removed(NOW + timedelta(days=29)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_removed(NOW + timedelta(days=31)) == 1
    assert not path.exists()
    assert not Written.objects.exists()


def test_a_promise_is_kept_or_broken_and_open_again():
    staff = hire()
    written = write_down(add_customer(), build("promise", "Send it", due_on=TODAY), by=staff, now=NOW)
    settle_promise(written.key, "kept", by=staff, now=LATER)
    assert [promise.state for promise in list_promises(state="kept")] == ["kept"]
    settle_promise(written.key, "kept", by=staff, now=LATER)
    settle_promise(written.key, "open", by=staff, now=LATER)
    assert [promise.text for promise in list_promises(until=TODAY)] == ["Send it"]
    kinds = list(Happening.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["interaction.written", "promise.kept"]


def test_files_too_many_too_large_or_empty_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("vafa.data.interactions.attachments.MOST_BYTES", 10)
    customer, staff = add_customer(), hire()
    for files in (
        [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(6)],
        [SimpleUploadedFile("big.txt", b"x" * 11)],
        [SimpleUploadedFile("none.txt", b"")],
    ):
        with pytest.raises(AttachmentRefused):
            write_down(customer, build(), by=staff, now=NOW, files=files)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\x\\a.exe", "a.exe"), ("a\r\nb.txt", "ab.txt"), ("..", "file")],
)
def test_a_files_name_leads_nowhere(name: str, kept: str):
    assert clean_name(name) == kept


def test_a_file_lies_under_a_random_name_that_only_we_can_read(home: Path):
    write_down(
        add_customer(), build(), by=hire(), now=NOW, files=[SimpleUploadedFile("run.sh", b"#!/bin/sh")]
    )
    (path,) = (home / FOLDER).iterdir()
    assert "run" not in path.name
    assert path.stat().st_mode & 0o777 == 0o600


def test_contents_without_a_row_are_swept_a_day_later(home: Path):
    write_down(add_customer(), build(), by=hire(), now=NOW, files=[SimpleUploadedFile("a.txt", b"a")])
    stray = get_path("0" * 48)
    stray.write_bytes(BytesIO(b"half").read())
    soon = datetime.fromtimestamp(stray.stat().st_mtime, UTC)
    assert sweep(soon + timedelta(hours=1)) == 0
    assert sweep(soon + timedelta(hours=25)) == 1
    assert len(list((home / FOLDER).iterdir())) == 1


def test_the_erasure_takes_words_changes_and_files(django_capture_on_commit_callbacks: Any, home: Path):
    staff, customer = hire(), add_customer()
    written = write_down(
        customer, build(), by=staff, now=NOW, files=[SimpleUploadedFile("a.txt", b"a")], mentions=[staff.pk]
    )
    change_entry(written.key, build(text="Likes coffee"), by=staff, now=LATER)
    told = collect_person([customer])
    assert told["attachments"][0]["name"] == "a.txt"
    assert told["written_changes"][0]["before"]["text"] == "Likes tea"
    with django_capture_on_commit_callbacks(execute=True):
        erase_person([customer])
    assert not Written.objects.exists()
    assert not WrittenChange.objects.exists()
    assert not Interaction.objects.exists()
    assert list((home / FOLDER).iterdir()) == []


def test_the_business_adds_causes_of_its_own():
    own = add_topic("cause", "Exams begin", under="other")
    codes = [topic.code for topic in list_topics("cause")]
    assert codes.index(own.code) == codes.index("other.no_need") + 1
    assert name_topic("cause", own.code) == "Something else: Exams begin"
    with pytest.raises(TopicTaken):
        add_topic("cause", " exams  begin ", under="other")
    set_topic_archived(own.code, archived=True)
    assert own.code not in [topic.code for topic in list_topics("cause")]
    assert name_topic("cause", own.code) == "Something else: Exams begin"
    assert add_topic("cause", "Exams begin", under="other").code == own.code
