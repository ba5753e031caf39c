"""Whom a filter of the list means, all of them."""

from collections.abc import Mapping

from vafa.data.customers.queries import search_customers
from vafa.front.customers.filters import find_members, narrows, read_filter
from vafa.front.overview.views import Page
from vafa.kit.errors import AskedWrongly

MOST_FOUND = 200


def list_matching_ids(page: Page, asked: Mapping[str, str]) -> list[int]:
    """The ids of the customers that the list of this address shows on all its pages, of those who may be seen."""
    found = read_filter(asked, page.asker.snapshot.list_dimensions())
    try:
        members = find_members(page.asker, found, asked.get("rule") or None)
    except AskedWrongly:
        # The list shows such an address by the business's own rule, and says so.
        members = find_members(page.asker, found, None)
    if not found.text:
        return [int(pk) for pk in page.asker.snapshot.ids(members)]
    named = search_customers(
        found.text,
        region=page.business.phone_region or page.business.country,
        limit=MOST_FOUND,
        owner_id=page.asker.owner_id,
        companies="company" in page.asker.snapshot.list_dimensions(),
    )
    if not narrows(found):
        return named
    inside = {int(pk) for pk in page.asker.snapshot.ids(members)}
    return [pk for pk in named if pk in inside]
