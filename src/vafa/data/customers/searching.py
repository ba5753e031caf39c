"""Searching customers by whatever people type: a source's id, a phone in any form, an e-mail address, a name."""

import re
from collections.abc import Iterable, Iterator

import phonenumbers
from django.db.models import QuerySet, Value
from django.db.models.functions import StrIndex

from vafa.data.customers.models import ContactPoint, Customer, CustomerKey
from vafa.data.log.queries import list_source_ids
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.letters import fold, fold_key, fold_name, strip_titles

_LAST_LETTER = "\U0010ffff"
_LEAST_PHONE_DIGITS = 6
_LETTER = re.compile(r"[^\W\d_]")


def search_customers(
    text: str, *, region: str = "", limit: int = 200, owner_id: int | None = None, companies: bool = True
) -> list[int]:
    """The ids of the customers that a text may mean, the surest first, each as the one kept after merges.

    An id of a source, a phone number or an e-mail address that somebody has ends the search; else names are
    looked through, and at last companies (unless `companies` says that nobody has one). `region` is the country
    (ISO 3166) of phone numbers without a country's code; with `owner_id` only the customers of that member of
    staff are found.
    """
    wanted = to_latin_digits(text).strip()
    if not wanted:
        return []
    sure = _list_kept(_list_sure(wanted, region, limit), owner_id)
    if sure or "@" in wanted:
        return sure[:limit]
    found: dict[int, None] = {}
    for ids in _list_by_name(wanted, limit, companies):
        found |= dict.fromkeys(_list_kept(ids, owner_id))
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _list_sure(wanted: str, region: str, limit: int) -> list[int]:
    """Those with this id, number or address: no two people would call each other so by chance."""
    sources = list_source_ids()
    keys = CustomerKey.objects.filter(source_id__in=sources, key=wanted)
    found = list(keys.values_list("customer_id", flat=True)[:limit])
    if numbers := list_phone_forms(wanted, region):
        found += _list_with_points("phone", numbers, limit)
    if "@" in wanted:
        found += _list_with_address(wanted.lower(), limit)
    return found


def list_phone_forms(text: str, region: str) -> list[str]:
    """The E.164 numbers that a text may mean; none if it holds letters or too few digits."""
    bare = to_latin_digits(text).strip()
    digits = re.sub(r"\D", "", bare)
    if len(digits) < _LEAST_PHONE_DIGITS or _LETTER.search(bare):
        return []
    forms = [bare, f"+{digits.removeprefix('00')}", f"0{digits}"]
    found: dict[str, None] = {}
    for form in forms:
        try:
            number = phonenumbers.parse(form, region or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            found[str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))] = None
    return list(found)


def _list_with_points(kind: str, values: list[str], limit: int) -> list[int]:
    points = ContactPoint.objects.filter(kind=kind, value__in=values)
    return list(points.values_list("customer_id", flat=True)[:limit])


def _list_with_address(start: str, limit: int) -> list[int]:
    points = ContactPoint.objects.filter(kind="email", value__gte=start, value__lt=start + _LAST_LETTER)
    return list(points.order_by("value").values_list("customer_id", flat=True)[:limit])


def _list_by_name(wanted: str, limit: int, companies: bool) -> Iterator[list[int]]:
    """Names that begin so, then names that hold all the words anywhere, then companies that do.

    Each looks through more rows than the one before, so the later ones are done only where they may add anything.
    """
    folded = fold_name(wanted)
    if not folded:
        return
    beginning = Customer.objects.filter(name_folded__gte=folded, name_folded__lt=folded + _LAST_LETTER)
    first = list(beginning.order_by("name_folded").values_list("pk", flat=True)[:limit])
    yield first
    if len(first) >= limit:
        return
    words = [key for word in fold(strip_titles(wanted)[1]).split() if (key := fold_key(word))]
    if (first and len(words) > 1) or not _LETTER.search(folded):
        return
    named = list(
        _filter_words(Customer.objects.all(), "name_folded", words).values_list("pk", flat=True)[:limit]
    )
    yield named
    if companies and not first and not named:
        yield list(Customer.objects.filter(company__icontains=wanted).values_list("pk", flat=True)[:limit])


def _filter_words(customers: QuerySet[Customer], field: str, words: list[str]) -> QuerySet[Customer]:
    # INSTR and STRPOS look for the letters as they are, much faster than LIKE.
    for place, word in enumerate(words):
        name = f"place_{place}"
        customers = customers.annotate(**{name: StrIndex(field, Value(word))}).filter(**{f"{name}__gt": 0})
    return customers


def _list_kept(ids: Iterable[int], owner_id: int | None) -> list[int]:
    """Merged customers as the kept ones, in the given order; only those that the owner has."""
    listed = list(ids)
    customers = Customer.objects.in_bulk(listed)
    kept = dict.fromkeys(customers[pk].kept_id or pk for pk in listed if pk in customers)
    if owner_id is None:
        return list(kept)
    own = set(Customer.objects.filter(pk__in=list(kept), owner_id=owner_id).values_list("pk", flat=True))
    return [pk for pk in kept if pk in own]
