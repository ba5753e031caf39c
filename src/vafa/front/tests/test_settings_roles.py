"""The page of roles: made, copied, changed, given and removed, and never beyond one's own."""

import pytest
from django.test import Client

from vafa.data.staff.models import OwnRole, Staff
from vafa.front.tests.conftest import NOW, PASSWORD, confirm
from vafa.kit.permissions import Permission, Role

pytestmark = pytest.mark.django_db


def test_a_role_is_copied_changed_given_and_removed(signed_in: Client) -> None:
    page = signed_in.get("/settings/roles/new/?copy=agent").content.decode()
    assert 'value="edit_customers" aria' in page or 'value="edit_customers"' in page
    sent = {"name": "Counter", "permissions": ["see_customers", "export"], "own_only": "on"}
    assert signed_in.post("/settings/roles/new/", sent).status_code == 302
    own = OwnRole.objects.get()
    assert (own.permissions, own.own_only) == (["see_customers", "export"], True)
    signed_in.post("/settings/staff/", {"email": "m@x.example", "role": f"own:{own.pk}"})
    mina = Staff.objects.get(email="m@x.example")
    assert mina.permissions == {Permission.SEE_CUSTOMERS, Permission.EXPORT}
    browser = Client()
    browser.force_login(mina)
    assert browser.get("/settings/roles/").status_code == 403
    assert browser.get("/my-account/").status_code == 200
    edit = f"/settings/roles/{own.pk}/"
    assert signed_in.post(edit, {"name": "Counter", "permissions": ["see_customers"]}).status_code == 302
    assert signed_in.post(edit + "remove/").headers["Location"] == edit
    signed_in.post(f"/settings/staff/{mina.pk}/", {"do": "role", "role": "read_only"})
    assert signed_in.post(edit + "remove/").headers["Location"] == "/settings/roles/"
    assert signed_in.get(edit).status_code == 404
    assert "Counter" not in signed_in.get("/settings/roles/").content.decode()


def test_an_impossible_role_says_where(signed_in: Client) -> None:
    sent = {"name": "Counter", "permissions": ["import"], "own_only": "on"}
    answer = signed_in.post("/settings/roles/new/", sent)
    assert answer.status_code == 422
    assert "can neither import" in answer.content.decode()
    assert signed_in.post("/settings/roles/new/", {"name": "X", "permissions": ["king"]}).status_code == 422


def test_forged_forms_give_no_more_than_one_has(signed_in: Client, owner: Staff) -> None:
    head = OwnRole.objects.create(name="Head", permissions=["manage_staff"], made_at=NOW)
    staff = Staff.objects.create_user("head@x.example", PASSWORD, own_role=head, created_at=NOW)
    browser = Client()
    browser.force_login(staff)
    confirm(browser)
    own = f"/settings/roles/{head.pk}/"
    assert browser.post(own, {"name": "Head", "permissions": ["manage_staff", "export"]}).status_code == 422
    assert browser.post("/settings/roles/new/", {"name": "B", "permissions": ["export"]}).status_code == 422
    assert browser.post("/settings/staff/", {"email": "b@x.example", "role": "owner"}).status_code == 422
    for do in ("invite", "deactivate", "role"):
        browser.post(f"/settings/staff/{owner.pk}/", {"do": do, "role": f"own:{head.pk}"})
        browser.post(f"/settings/staff/{staff.pk}/", {"do": do, "role": "owner"}) if do == "role" else None
    assert "/invitation/" not in browser.get("/settings/staff/").content.decode()
    owner.refresh_from_db()
    staff.refresh_from_db()
    assert (owner.is_active, owner.role) == (True, Role.OWNER)
    assert (staff.role, staff.own_role_id) == (Role.READ_ONLY, head.pk)
