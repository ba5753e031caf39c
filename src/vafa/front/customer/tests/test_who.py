"""Who a customer is: changed in place through the pages, with what was before, and undone."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.customers.actions import define_field
from vafa.data.customers.models import ContactPoint, Customer, FieldChange
from vafa.front.overview.tests.shop import NOW, Shop, add_point, sign_in
from vafa.kit.permissions import Role

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
FRAGMENT = {"HX-Request": "true"}


def save(client: Client, customer: int, **told: Any) -> Any:
    """Send the form as the page shows it, with some things changed."""
    form = client.get(f"/customers/{customer}/edit/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in (shown | told).items() if value not in (None, "")}
    return client.post(f"/customers/{customer}/edit/", sent)


def test_the_card_turns_into_a_form_and_a_plain_page_does_without_scripts(
    shop: Shop, signed_in: Client
) -> None:
    for address in ("edit", "points", "who", "changes"):
        path = f"/customers/{shop.staying}/{address}/"
        assert b"<h1>" in signed_in.get(path).content
        assert b"<h1>" not in signed_in.get(path, headers=FRAGMENT).content


def test_a_change_is_saved_shown_and_undone(shop: Shop, signed_in: Client) -> None:
    answer = save(
        signed_in, shop.staying, company="Sahand", tags="vip، tea", birthday="1990/03/21", language="fa"
    )
    assert answer.status_code == 303
    row = Customer.objects.get(pk=shop.staying)
    assert (row.company, row.tags, row.birthday.isoformat()) == ("Sahand", ["vip", "tea"], "1990-03-21")
    assert row.name == "رضا کریمی"
    changes = signed_in.get(f"/customers/{shop.staying}/changes/").context["changes"]
    assert {(change["field"], change["before"], change["after"]) for change in changes} == {
        ("Company", "", "Sahand"), ("Tags", "", "vip, tea"), ("Birthday", "", "21 March 1990"),
        ("Language", "", "فارسی"),
    }  # fmt: skip
    for change in changes:
        signed_in.post(f"/customers/{shop.staying}/changes/{change['id']}/undo/")
    row.refresh_from_db()
    assert (row.company, row.tags, row.birthday) == ("", [], None)
    assert save(signed_in, shop.staying).status_code == 303
    assert FieldChange.objects.count() == len(changes)


def test_a_form_left_open_overwrites_nothing_that_is_newer(shop: Shop, signed_in: Client) -> None:
    define_field("Size", "choices", choices=["S", "M", "L"], by=None, now=NOW)
    address = f"/customers/{shop.staying}/edit/"
    page = signed_in.get(address)
    size = next(name for name in page.context["form"].fields if name.startswith("own_"))
    opened = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    opened = {name: value for name, value in opened.items() if value} | {"seen": page.context["seen"]}
    save(signed_in, shop.staying, company="Sahand", location="Yazd", **{size: ["S", "L"]})

    def get() -> tuple[str, str, list[str], dict[str, str]]:
        row = Customer.objects.get(pk=shop.staying)
        return row.company, row.location, row.tags, row.custom

    newer = {"Size": "S; L"}
    assert signed_in.post(address, opened | {"tags": "vip"}).status_code == 303
    assert get() == ("Sahand", "Yazd", ["vip"], newer)
    answer = signed_in.post(address, opened | {"company": "Alborz", "birthday": "soon"})
    assert answer.context["seen"] == opened["seen"]
    answer = signed_in.post(address, opened | {"company": "Alborz", "tags": "other", size: ["M"]})
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert (set(errors), get()[0]) == ({"__all__", "company", "tags", size}, "Sahand")
    assert "Sahand" in errors["company"][0]
    assert answer.context["form"]["company"].value() == "Alborz"
    again = {
        "name": "رضا کریمی",
        "company": "Alborz",
        "location": "Yazd",
        "tags": "vip",
        "seen": answer.context["seen"],
    }
    assert signed_in.post(address, again | {size: ["S", "L"]}).status_code == 303
    assert get() == ("Alborz", "Yazd", ["vip"], newer)
    assert signed_in.post(address, {"name": "Reza", "seen": "[broken"}).status_code == 303


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"birthday": "soon"}, "birthday"),
        ({"birthday": "2999/01/01"}, "birthday"),
        ({"name": ""}, "name"),
        ({"language": "xx"}, "language"),
        ({"owner": "999"}, "owner"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    shop: Shop, signed_in: Client, told: dict[str, str], field: str
) -> None:
    answer = save(signed_in, shop.staying, **told)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_own_fields_are_checked_by_their_type(shop: Shop, signed_in: Client) -> None:
    size = define_field("Size", "number", by=None, now=NOW)
    born = define_field("Anniversary", "date", by=None, now=NOW)
    likes = define_field("Likes", "choices", ["Tea", "Cake"], by=None, now=NOW)
    answer = save(signed_in, shop.staying, **{f"own_{size.pk}": "large"})
    assert "“large” is not a number." in str(answer.context["form"].errors)
    save(
        signed_in,
        shop.staying,
        **{f"own_{size.pk}": "۴۲٫۵", f"own_{born.pk}": "2020/02/29", f"own_{likes.pk}": ["Tea", "Cake"]},
    )
    custom = Customer.objects.get(pk=shop.staying).custom
    assert custom == {"Size": "42.5", "Anniversary": "2020-02-29", "Likes": "Tea; Cake"}
    fields = signed_in.get(f"/customers/{shop.staying}/").context["who"]["fields"]
    assert [(name, value) for name, value, _type in fields] == [
        ("Size", "42.5"), ("Anniversary", "29 February 2020"), ("Likes", "Tea; Cake"),
    ]  # fmt: skip
    # What the form shows is what it takes back.
    assert save(signed_in, shop.staying).status_code == 303
    assert Customer.objects.get(pk=shop.staying).custom == custom


def test_contact_points_are_added_preferred_and_removed(shop: Shop, signed_in: Client) -> None:
    path = f"/customers/{shop.staying}/points/"
    assert signed_in.post(path, {"do": "add", "kind": "phone", "value": "12"}).status_code == 422
    signed_in.post(path, {"do": "add", "kind": "phone", "value": "030 1234567"})
    point = ContactPoint.objects.get()
    assert point.value == "+49301234567"
    signed_in.post(path, {"do": "prefer", "point": point.pk})
    point.refresh_from_db()
    assert point.preferred
    signed_in.post(path, {"do": "remove", "point": point.pk})
    assert not ContactPoint.objects.exists()
    add_point(shop.leaving, "phone", "+49307777777")
    other = ContactPoint.objects.get().pk
    assert signed_in.post(path, {"do": "remove", "point": other}).status_code == 404


def test_a_photo_is_shown_and_nothing_else_is(shop: Shop, signed_in: Client) -> None:
    path = f"/customers/{shop.staying}/photo/"
    assert signed_in.get(path).status_code == 404
    signed_in.post(f"{path}change/", {"photo": SimpleUploadedFile("x.png", b"<svg/>")})
    assert signed_in.get(path).status_code == 404
    signed_in.post(f"{path}change/", {"photo": SimpleUploadedFile("x.png", PNG)})
    answer = signed_in.get(path)
    assert (answer.content, answer.headers["Content-Type"]) == (PNG, "image/png")
    signed_in.post(f"{path}change/")
    assert signed_in.get(path).status_code == 404


def test_an_agent_sees_and_changes_own_customers_only(shop: Shop, signed_in: Client) -> None:
    change_business(by=None, now=NOW, agents_own_only=True)
    agent = shop.hire(Role.AGENT)
    Customer.objects.filter(pk=shop.staying).update(owner=agent)
    Customer.objects.filter(pk__in=[shop.staying, shop.leaving]).update(company="Sahand")
    client = sign_in(agent)
    for address in ("edit", "points", "who", "changes", "photo"):
        assert client.get(f"/customers/{shop.leaving}/{address}/").status_code == 404
    assert "owner" not in client.get(f"/customers/{shop.staying}/edit/").context["form"].fields
    client.post(f"/customers/{shop.staying}/edit/", {"name": "New", "company": "Sahand", "owner": ""})
    assert Customer.objects.get(pk=shop.staying).owner_id == agent.pk
    people = client.get("/companies/?name=Sahand").context
    assert (people["count"], [person.id for person, _reach in people["people"]]) == (1, [shop.staying])
    assert client.get("/companies/?name=None").status_code == 404
    signed_in.post(f"/customers/{shop.leaving}/edit/", {"name": "Changed"})
    change = FieldChange.objects.filter(customer=shop.leaving).latest("pk")
    assert client.post(f"/customers/{shop.staying}/changes/{change.pk}/undo/").status_code == 404
