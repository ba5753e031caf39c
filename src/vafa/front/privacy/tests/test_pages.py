"""Consent on the customer file, the customer's own page, a person's data as a file, and erasing by the page."""

import io
import json
import re
import zipfile
from datetime import time, timedelta

import pytest
from django.test import Client

from vafa.act.followups.models import Task
from vafa.act.followups.tests.conftest import NOW, Team
from vafa.data.consent.actions import allow_again, ask_again
from vafa.data.consent.erasures import get_kept_apart
from vafa.data.consent.models import ConsentEntry, Erasure, Fingerprint, Stop
from vafa.data.consent.queries import build_preference_token, list_unfinished, may_contact
from vafa.data.consent.types import Channel, Purpose, Reason
from vafa.data.customers.models import ContactPoint, Customer, Profile
from vafa.data.intake.actions import take_things
from vafa.data.intake.types import Arrival, Thing
from vafa.data.staff.models import Staff
from vafa.front.privacy import retention
from vafa.front.privacy.tasks import go_on_with_all
from vafa.front.tests.conftest import let_be_confirmed
from vafa.kit import clock
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role

MAIL, PHONE = "omid.customer@example.com", "+989121234567"


@pytest.fixture
def person(team: Team) -> int:
    """A customer who can be reached."""
    ContactPoint.objects.create(customer_id=team.of_mina, kind="email", value=MAIL)
    ContactPoint.objects.create(customer_id=team.of_mina, kind="phone", value=PHONE)
    return team.of_mina


def sign_in(staff: Staff) -> Client:
    """The browser of somebody who has just shown who they are."""
    client = Client()
    client.force_login(staff)
    let_be_confirmed(client, staff)
    return client


def why(customer: int, channel: Channel = Channel.EMAIL, purpose: Purpose = Purpose.MARKETING) -> Reason:
    return may_contact([customer], channel, purpose, clock.now())[customer].reason


def test_permission_is_written_down_with_its_source_and_a_yes_needs_one(team: Team, person: int) -> None:
    client, address = sign_in(team.owner), f"/customers/{person}/consent/"
    told = {"do": "say", "channel": "email", "purpose": "marketing", "allowed": "yes"}
    assert client.post(address, told).status_code == 422
    assert client.post(address, told | {"source": "paper form", "evidence": "folder 7"}).status_code == 302
    assert why(person) == Reason.PERMITTED
    page = client.get(address).content.decode()
    assert "paper form" in page
    assert "folder 7" in page
    # A refusal needs no proof.
    assert client.post(address, told | {"allowed": "no"}).status_code == 302
    assert (why(person), ConsentEntry.objects.count()) == (Reason.REFUSED, 2)


def test_one_click_stops_contact_and_one_click_takes_it_back(team: Team, person: int) -> None:
    client, address = sign_in(team.owner), f"/customers/{person}/consent/"
    client.post(address, {"do": "changed_hands", "point": f"phone:{PHONE}"})
    assert why(person, Channel.SMS, Purpose.SERVICE) == Reason.NOT_THEIRS
    assert client.post(address, {"do": "not_me", "point": "phone:+98000"}).status_code == 422
    client.post(address, {"do": "deceased"})
    assert why(person, purpose=Purpose.SERVICE) == Reason.DECEASED
    for stop in Stop.objects.all():
        client.post(address, {"do": "end_stop", "stop": stop.pk})
    assert why(person, Channel.SMS, Purpose.SERVICE) == Reason.SERVICE


def test_an_agent_meets_only_their_own(team: Team, person: int) -> None:
    client = sign_in(team.omid)
    for page in ("consent", "data", "erase"):
        assert client.get(f"/customers/{person}/{page}/").status_code in (403, 404)
    client.post(f"/customers/{person}/consent/", {"do": "deceased"})
    assert not Stop.objects.exists()
    assert sign_in(team.mina).get(f"/customers/{person}/consent/").status_code == 200


@pytest.mark.parametrize(
    ("language", "direction"), [("fa", "rtl"), ("ar", "rtl"), ("zh-hans", "ltr"), ("en", "ltr")]
)
def test_the_customers_own_page_speaks_their_language_and_only_a_post_acts(
    team: Team, person: int, language: str, direction: str
) -> None:
    address = f"/preferences/{build_preference_token(person)}/"
    client = Client()
    page = client.get(f"{address}?lang={language}")
    assert f'dir="{direction}"' in page.content.decode()[:400]
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert MAIL not in page.content.decode()
    assert not ConsentEntry.objects.exists()
    shown = re.findall(r'name="shown" value="([a-z:]+)"', page.content.decode())
    assert "email:marketing" in shown
    client.post(address, {"shown": shown, "may": ["email:marketing"]})
    assert (why(person), why(person, Channel.SMS)) == (Reason.PERMITTED, Reason.REFUSED)
    Profile.objects.create(customer_id=person, language=language)
    assert f'dir="{direction}"' in client.get(address).content.decode()[:400]
    client.post(address, {"do": "stop"})
    assert (why(person), why(person, purpose=Purpose.SERVICE)) == (Reason.REFUSED, Reason.SERVICE)
    # The link goes on working.
    assert client.get(address).status_code == 200


def test_whoever_is_somebody_else_says_so_and_nothing_goes_there_any_more(team: Team, person: int) -> None:
    address, client = f"/preferences/{build_preference_token(person)}/", Client()
    mail = ContactPoint.objects.get(customer=person, kind="email")
    others = ContactPoint.objects.create(customer_id=team.of_omid, kind="email", value="other@example.com")
    for wrong in (others.pk, "x", 10**30):
        assert client.post(address, {"not_me": wrong}).status_code == 302
    assert not Stop.objects.exists()
    assert f'value="{mail.pk}"' in client.get(address).content.decode()
    client.post(address, {"not_me": mail.pk})
    stop = Stop.objects.get()
    assert (stop.kind, stop.point, stop.way, stop.by) == ("not_me", MAIL, "page", None)
    assert why(person, purpose=Purpose.SERVICE) == Reason.NOT_THEIRS
    assert f'value="{mail.pk}"' not in client.get(address).content.decode()


def test_nobody_among_the_staff_speaks_for_a_customer_unseen(team: Team, person: int) -> None:
    reader = Staff.objects.create_user("r@example.com", None, role=Role.READ_ONLY, created_at=NOW)
    part = f"/customers/{person}/consent/"
    assert "/preferences/" in sign_in(team.owner).get(part).content.decode()
    assert "/preferences/" not in sign_in(reader).get(part).content.decode()
    address = f"/preferences/{build_preference_token(person)}/"
    sign_in(team.owner).post(address, {"shown": ["email:marketing"], "may": ["email:marketing"]})
    entry = ConsentEntry.objects.get()
    assert (entry.by, entry.way) == (team.owner, "hand")


def test_a_mail_program_unsubscribes_by_post_alone_without_a_session(team: Team, person: int) -> None:
    client = Client(enforce_csrf_checks=True)
    address = f"/preferences/{build_preference_token(person)}/one-click/"
    assert client.get(address).status_code == 302
    assert not ConsentEntry.objects.exists()
    answer = client.post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert (answer.status_code, why(person)) == (200, Reason.REFUSED)


def test_nobody_makes_a_link_up_and_nobody_meets_a_dead_end(team: Team, person: int) -> None:
    token = build_preference_token(person)
    for wrong in (f"{person + 1}{token[token.index('.') :]}", token[:-2], "x"):
        page = Client().get(f"/preferences/{wrong}/")
        assert (page.status_code, b"email:marketing" in page.content) == (200, False)
    Customer.objects.filter(pk=person).delete()
    assert Client().get(f"/preferences/{token}/").status_code == 200


def test_all_that_is_held_comes_as_json_and_as_a_page(team: Team, person: int) -> None:
    client, address = sign_in(team.owner), f"/customers/{person}/data/"
    Task.objects.create(
        title="Call",
        customer_id=person,
        due_on=NOW.date(),
        due_time=time(15, 30),
        made_at=NOW,
        changed_at=NOW,
    )
    assert client.get(address).status_code == 200
    assert not AuditEntry.objects.filter(action="customer.person_exported").exists()
    packed = zipfile.ZipFile(io.BytesIO(client.post(address).content))
    held = json.loads(packed.read("data.json"))
    assert [point["value"] for point in held["contact_points"]] == [MAIL, PHONE]
    assert held["tasks"][0]["due_time"] == "15:30:00"
    assert MAIL in packed.read("data.html").decode()
    entry = AuditEntry.objects.get(action="customer.person_exported")
    assert (entry.subject, MAIL in str(entry.details)) == (str(person), False)


def test_erasing_shows_what_goes_and_asks_to_type(team: Team, person: int) -> None:
    client, address = sign_in(team.owner), f"/customers/{person}/erase/"
    assert client.get(address).status_code == 200
    assert Customer.objects.filter(pk=person).exists()
    assert client.post(address, {"typed": "yes"}).status_code == 422
    answer = client.post(address, {"typed": str(person)})
    assert answer.status_code == 302
    receipt = client.get(answer.headers["Location"])
    assert receipt.status_code == 200
    assert not Customer.objects.filter(pk=person).exists()
    assert sign_in(team.mina).get(answer.headers["Location"]).status_code == 403


def erase(team: Team, person: int) -> Erasure:
    sign_in(team.owner).post(f"/customers/{person}/erase/", {"typed": str(person)})
    for _again in range(2):
        go_on_with_all(clock.now())
    return Erasure.objects.get()


def arrive(**row: str) -> str:
    arrival = Arrival("customers", "shop", [Thing(({"name": "Somebody", **row},))])
    (outcome,) = take_things(arrival, by=None, now=clock.now())
    return outcome.problems[0].code if outcome.problems else outcome.state


def test_the_api_brings_nobody_back_until_they_are_allowed_again(team: Team, person: int) -> None:
    assert erase(team, person).state == "done"
    assert arrive(email=MAIL.upper()) == arrive(phone="+98 912 123 4567") == "erased_person"
    assert arrive(email="other@example.com") == "new"
    assert not allow_again("nobody@example.com", "IR", by=None, now=clock.now())
    assert allow_again(PHONE, "IR", by=None, now=clock.now())
    assert arrive(email=MAIL) == "new"


def test_a_number_that_others_share_bars_nobody(team: Team, person: int) -> None:
    ContactPoint.objects.create(customer_id=team.of_omid, kind="phone", value=PHONE)
    erase(team, person)
    assert (arrive(phone=PHONE), arrive(email=MAIL)) == ("new", "erased_person")


def test_a_restored_backup_forgets_again_whoever_was_erased_since(team: Team, person: int) -> None:
    erasure = erase(team, person)
    assert MAIL not in get_kept_apart().read_text()
    # As an older backup has it: the person is there, the erasure is not.
    Erasure.objects.all().delete()
    Customer.objects.create(pk=person, name="of mina", name_folded="of mina", seq=1)
    ContactPoint.objects.create(customer_id=person, kind="email", value=MAIL)
    assert [one.code for one in ask_again(by=None, now=clock.now())] == [erasure.code]
    assert ask_again(by=None, now=clock.now()) == []
    go_on_with_all(clock.now())
    assert (Customer.objects.filter(pk=person).exists(), list_unfinished()) == (False, [])
    assert Fingerprint.objects.exists()


def test_a_stale_session_takes_and_erases_nothing(team: Team, person: int) -> None:
    client = Client()
    client.force_login(team.owner)
    chosen = {"do": "export", "id": person, "sure": "1", "format": "csv"}
    for answer in (client.get("/customers/export.csv?state=all"), client.post("/customers/bulk/", chosen)):
        assert answer.headers["Location"].startswith("/confirm/?next=")
    for page in ("data", "erase"):
        answer = client.post(f"/customers/{person}/{page}/", {"typed": str(person)})
        assert "reauth" in answer.headers["Location"] or "confirm" in answer.headers["Location"]
    assert not AuditEntry.objects.filter(action__startswith="customer.").exists()


def test_the_do_not_send_list_is_filled_searched_and_emptied(team: Team, person: int) -> None:
    client, address = sign_in(team.owner), "/settings/privacy/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"do": "add", "point": "nobody"}).status_code == 422
    client.post(address, {"do": "add", "point": MAIL.upper(), "reason": "asked", "everything": "1"})
    assert why(person, purpose=Purpose.SERVICE) == Reason.SUPPRESSED
    file = io.BytesIO(f"{PHONE},bounced\nrubbish,\n{MAIL},again\n".encode())
    file.name = "list.csv"
    client.post(address, {"do": "import", "file": file})
    assert why(person, Channel.SMS) == Reason.SUPPRESSED
    exported = client.get(f"{address}do-not-send.csv").content.decode()
    assert (exported.count("\n"), MAIL in exported, PHONE in exported) == (3, False, False)
    (listed,) = client.get(f"{address}?find={MAIL}").context["listed"]
    assert client.post(address, {"do": "remove", "listed": listed.pk}).status_code == 422
    client.post(address, {"do": "remove", "listed": listed.pk, "reason": "by mistake"})
    assert why(person, purpose=Purpose.SERVICE) == Reason.SERVICE
    assert not AuditEntry.objects.filter(details__icontains="omid").exists()


def test_data_are_kept_for_as_long_as_was_set(team: Team) -> None:
    client, address = sign_in(team.owner), "/settings/privacy/"
    now = clock.now()
    for days in (5, 500):
        AuditEntry.objects.create(at=now - timedelta(days=days), action="test.old")
    assert client.post(address, {"do": "keep", "days.audit": "soon"}).status_code == 422
    wanted = {f"days.{kind.key}": "\u06f4\u06f0\u06f0" for kind in retention.KINDS}
    assert client.post(address, {"do": "keep", **wanted}).status_code == 302
    assert retention.preview(retention.get_days(), now)["audit"] == 1
    assert retention.apply(now) == {"audit": 1}
    assert retention.apply(now) == {}
    assert AuditEntry.objects.filter(action="test.old").count() == 1


def test_numbers_longer_than_any_are_refused_and_change_nothing(team: Team) -> None:
    client, before = sign_in(team.owner), retention.get_days()
    taken = client.post("/settings/privacy/", {"do": "remove", "listed": "9" * 40, "reason": "x"})
    assert taken.status_code < 500
    days = {f"days.{kind.key}": "9" * 5000 for kind in retention.KINDS}
    assert client.post("/settings/privacy/", {"do": "keep", **days}).status_code == 422
    assert retention.get_days() == before
