"""Who is meant by each of many texts: a source's id, our own id, an e-mail address, a phone number."""

from collections.abc import Iterable

from vafa.data.customers.searching import list_phone_forms
from vafa.kit.bulk import select_where_in
from vafa.kit.locale.digits import to_latin_digits

_OWN_ID = "id:"
_MOST_OWN_DIGITS = 18


def identify(texts: Iterable[str], *, region: str = "") -> dict[str, list[int]]:
    """The ids of the customers that each text means, each as the one kept after merges; none where nobody is meant.

    "id:42" is our own id. Else a source's id comes first, then an address, then a number in any form: the first of
    these that knows anybody decides. `region` is the country of phone numbers without a country's code.
    """
    bare = {text: to_latin_digits(text).strip() for text in texts}
    wanted = sorted({text for text in bare.values() if text})
    keys = _look_up('SELECT "key", customer_id FROM customers_customerkey', '"key"', wanted)
    addresses = _look_up(
        "SELECT value, customer_id FROM customers_contactpoint",
        "value",
        [text.lower() for text in wanted if "@" in text],
        "kind = 'email'",
    )
    forms = {text: list_phone_forms(text, region) for text in wanted if text not in keys and "@" not in text}
    numbers = _look_up(
        "SELECT value, customer_id FROM customers_contactpoint",
        "value",
        sorted({form for own in forms.values() for form in own}),
        "kind = 'phone'",
    )
    found: dict[str, set[int]] = {}
    for text in wanted:
        own = text.removeprefix(_OWN_ID)
        if text.startswith(_OWN_ID) and own.isascii() and own.isdigit() and len(own) <= _MOST_OWN_DIGITS:
            found[text] = {int(own)}
        else:
            found[text] = (
                keys.get(text)
                or addresses.get(text.lower())
                or {pk for form in forms.get(text, ()) for pk in numbers.get(form, ())}
            )
    kept = _find_kept({pk for ids in found.values() for pk in ids})
    return {
        text: sorted({kept[pk] for pk in found.get(plain, ()) if pk in kept}) for text, plain in bare.items()
    }


def _look_up(select: str, column: str, values: list[str], where: str = "1 = 1") -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for value, customer in select_where_in(select, column, values, where):
        found.setdefault(value, set()).add(int(customer))
    return found


def _find_kept(ids: set[int]) -> dict[int, int]:
    """The kept customer of each id that exists, through any number of merges."""
    into: dict[int, int | None] = {}
    waiting = set(ids)
    while waiting:
        rows = select_where_in("SELECT id, kept_id FROM customers_customer", "id", waiting)
        into |= {int(pk): None if kept is None else int(kept) for pk, kept in rows}
        waiting = {kept for kept in into.values() if kept is not None} - into.keys()
    return {pk: _follow(pk, into) for pk in ids if pk in into}


def _follow(pk: int, into: dict[int, int | None]) -> int:
    seen = {pk}
    while (kept := into.get(pk)) is not None and kept not in seen:
        seen.add(kept)
        pk = kept
    return pk
