"""The pages of doubles: looked for, compared, merged with chosen values, taken apart, and never another agent's."""

import pytest
from django.test import Client

from vafa.data.business.queries import get_business
from vafa.data.customers.models import Customer, Double
from vafa.data.customers.tests.people import NOW, add
from vafa.data.staff.actions import add_staff, make_role
from vafa.data.staff.models import Staff
from vafa.front.tests.conftest import let_be_confirmed
from vafa.kit.permissions import Permission, Role

pytestmark = pytest.mark.django_db
PHONE = "+491701234567"


@pytest.fixture
def pair(signed_in):
    """Two who share a name and a number, found by a press of the button."""
    found = add("Dora Weiss", PHONE), add("Dora Weiss", PHONE, location="Bremen")
    assert signed_in.post("/customers/doubles/look/").status_code == 302
    return found


def show(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def kept_of(pk):
    return Customer.objects.get(pk=pk).kept_id


def test_who_was_not_looked_for_is_not_said_to_be_single(signed_in):
    assert "Not looked through yet" in show(signed_in, "/customers/doubles/")
    signed_in.post("/customers/doubles/look/")
    assert "No doubles" in show(signed_in, "/customers/doubles/")


def test_a_pair_is_compared_and_merged_with_the_chosen_values(signed_in, pair):
    kept, other = pair
    shown = show(signed_in, "/customers/doubles/")
    assert f"/customers/{kept}/merge/{other}/" in shown
    assert "Same phone number" in shown
    page = show(signed_in, f"/customers/{kept}/merge/{other}/")
    assert 'name="take:location" value="other" checked' in page
    signed_in.post(f"/customers/{kept}/merge/{other}/", {"take:location": "other"})
    assert kept_of(other) == kept
    assert Customer.objects.get(pk=kept).location == "Bremen"
    assert signed_in.get(f"/customers/{kept}/merge/{other}/").status_code == 302
    part = show(signed_in, f"/customers/{kept}/merges/")
    assert "owner@example.com" in part
    signed_in.post(f"/customers/{kept}/merges/", {"merged": other})
    assert kept_of(other) is None
    assert Customer.objects.get(pk=kept).location == ""
    assert signed_in.post(f"/customers/{kept}/merges/", {"merged": other}).status_code == 302


def test_not_the_same_is_remembered_and_can_be_taken_back(signed_in, pair):
    kept, other = pair
    signed_in.post("/customers/doubles/two/", {"pair": f"{kept}-{other}"})
    assert "No doubles" in show(signed_in, "/customers/doubles/")
    apart = show(signed_in, "/customers/doubles/?level=apart")
    assert f'name="again" value="{kept}-{other}"' in apart
    place = signed_in.post("/customers/doubles/two/", {"again": f"{kept}-{other}"}).headers["Location"]
    assert place == "/customers/doubles/"
    assert 'name="again"' not in show(signed_in, "/customers/doubles/?level=apart")
    assert f"/customers/{kept}/merge/{other}/" in show(signed_in, "/customers/doubles/")
    for bad in ("", "1", "1-2-3", "a-b", f"{kept}-999999"):
        assert signed_in.post("/customers/doubles/two/", {"pair": bad}).status_code == 404


def test_all_certain_ones_at_once_and_back(signed_in, pair):
    kept, other = pair
    place = signed_in.post("/customers/doubles/certain/").headers["Location"]
    assert kept_of(other) == kept
    assert "Take back" in show(signed_in, place)
    signed_in.post("/customers/doubles/undo/", {"batch": place.partition("merged=")[2]})
    assert kept_of(other) is None
    assert "Take back" not in show(signed_in, place)


def test_nothing_is_done_by_asking(signed_in, pair):
    for path in ("look", "two", "certain", "undo"):
        assert signed_in.get(f"/customers/doubles/{path}/").status_code == 405
    assert Double.objects.get().state == "open"


def test_an_agent_sees_and_merges_only_their_own(signed_in, pair):
    kept, other = pair
    business = get_business()
    business.agents_own_only = True
    business.save()
    agent = Staff.objects.create_user("agent@example.com", None, role=Role.AGENT, created_at=NOW)
    Customer.objects.filter(pk=kept).update(owner=agent)
    client = Client()
    client.force_login(agent)
    assert "Dora" not in show(client, "/customers/doubles/")
    assert client.get(f"/customers/{kept}/merge/{other}/").status_code == 404
    assert client.post(f"/customers/{kept}/merge/{other}/").status_code == 404
    assert client.post(f"/customers/{other}/merge/{kept}/").status_code == 404
    assert client.post("/customers/doubles/two/", {"pair": f"{kept}-{other}"}).status_code == 404
    assert client.get(f"/customers/{other}/merges/").status_code == 404
    client.post("/customers/doubles/certain/")
    assert kept_of(other) is None
    place = signed_in.post("/customers/doubles/certain/").headers["Location"]
    assert (
        client.post("/customers/doubles/undo/", {"batch": place.partition("merged=")[2]}).status_code == 404
    )
    assert kept_of(other) == kept


def test_proposals_are_taken_as_a_file_of_the_tab(signed_in, pair):
    shown = show(signed_in, "/customers/doubles/?level=certain")
    assert "/customers/doubles.csv?level=certain" in shown
    answer = signed_in.get("/customers/doubles.csv?level=certain")
    head, line = b"".join(answer).decode("utf-8-sig").splitlines()
    assert head.startswith("first_id,first_name,second_id")
    assert line.startswith(f"{pair[0]},Dora Weiss,{pair[1]},Dora Weiss,certain,")
    assert "phone" in line
    assert len(b"".join(signed_in.get("/customers/doubles.csv?level=possible")).splitlines()) == 1
    assert signed_in.get("/customers/doubles.exe").status_code == 404


def test_the_file_holds_own_customers_only_and_needs_both_rights(owner, pair):
    analyst = Staff.objects.create_user("n@example.com", None, role=Role.ANALYST, created_at=NOW)
    agent = Staff.objects.create_user("a@example.com", None, role=Role.AGENT, created_at=NOW)
    for staff in (analyst, agent):
        client = Client()
        client.force_login(staff)
        assert client.get("/customers/doubles.csv").status_code in (403, 404)
    permissions = [Permission.SEE_CUSTOMERS, Permission.EDIT_CUSTOMERS, Permission.EXPORT]
    own = make_role(name="Own", permissions=permissions, own_only=True, by=owner, now=NOW)
    limited = add_staff(email="l@example.com", role=f"own:{own.pk}", by=owner, now=NOW)
    Customer.objects.filter(pk=pair[0]).update(owner=limited)
    client = Client()
    client.force_login(limited)
    let_be_confirmed(client, limited)
    for path in ("/customers/doubles.csv", "/customers/doubles.csv?level=apart", "/orders/same.csv"):
        assert len(b"".join(client.get(path)).splitlines()) == 1
    Customer.objects.filter(pk=pair[1]).update(owner=limited)
    assert len(b"".join(client.get("/customers/doubles.csv")).splitlines()) == 2
