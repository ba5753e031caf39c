"""In which time zone a customer lives: the quiet hours are those of whoever is woken.

Told by a field of the business's own (a zone such as Asia/Shanghai, or a country's two letters), if the settings name
one; else by the country of the customer's phone number; else it is the business's. A number of the business's own
country, or of several countries at once, tells no other zone than the business's; a country of several zones counts as
its main one.
"""

from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers

from vafa.data.customers.queries import list_custom_values, list_phones
from vafa.kit.locale.countries import get_country_defaults
from vafa.kit.locale.errors import CountryUnknown


def list_zones(family: Mapping[int, int], *, field: str, country: str, zone: str) -> dict[int, ZoneInfo]:
    """The zones of customers who live in another than the business's; `family` are their ids and those merged into
    them, each with the kept one's, `country` and `zone` the business's."""
    phones = list_phones(family)
    told = list_custom_values(family, field) if field else {}
    found: dict[int, ZoneInfo] = {}
    for pk in told.keys() | phones.keys():
        name = find_zone(told.get(pk, ""), phones.get(pk, ""), country=country, zone=zone)
        if name != zone:
            found[pk] = ZoneInfo(name)
    return found


def find_zone(told: str, phone: str, *, country: str, zone: str) -> str:
    """The zone of one customer: as told, else as the phone number (E.164) has it, else the business's."""
    return _read_zone(told.strip()) or _find_zone_of_number(phone, country) or zone


@lru_cache(maxsize=1024)
def _read_zone(told: str) -> str:
    """A zone that somebody wrote, by its name or a country; "" for none."""
    if "/" in told:
        return _list_names().get(told.casefold(), "")
    return _get_main_zone(told.upper())


@lru_cache(maxsize=1)
def _list_names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def _find_zone_of_number(phone: str, country: str) -> str:
    """The main zone of the one country, not the business's, that a number belongs to; "" for none."""
    if not phone:
        return ""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(number) or ""
    return "" if region == country else _get_main_zone(region)


def _get_main_zone(country: str) -> str:
    try:
        return get_country_defaults(country).zone
    except CountryUnknown:
        return ""
