"""A field of several choices is filtered by one of them, whatever else was chosen beside it."""

from django.test import Client

from vafa.data.customers.actions import change_customer, define_field
from vafa.front.overview.tests.shop import NOW, Shop


def test_who_has_a_choice_is_found_alone_or_beside_others(shop: Shop, signed_in: Client) -> None:
    define_field("Size", "choices", choices=["S", "M", "XL"], by=None, now=NOW)
    for customer, value in ((shop.staying, "S; XL"), (shop.leaving, "S"), (shop.newcomer, "XL; Old")):
        change_customer(customer, {"custom:Size": value}, by=None, now=NOW)
    shop.ledger.publish()

    def find(value: str) -> set[int]:
        page = signed_in.get("/customers/", {"field": "custom:Size", "value": value})
        assert [option.value for option in page.context["values"]] == ["S", "XL", "Old"]
        return {row.id for row in page.context["rows"]}

    assert find("S") == {shop.staying, shop.leaving}
    assert find("XL") == {shop.staying, shop.newcomer}
    assert find("Old") == {shop.newcomer}
    # An address from before means the whole value.
    assert find("S; XL") == {shop.staying}
    assert find("X") == set()
