from zoneinfo import ZoneInfo

import pytest

from vafa.kit.locale.countries import (
    get_country_defaults,
    get_country_name,
    list_countries,
    list_prominent_countries,
)
from vafa.kit.locale.errors import CountryUnknown
from vafa.kit.locale.style import LANGUAGES

CODES = [code for code, _ in list_countries("en")]


def test_iran():
    iran = get_country_defaults("IR")
    assert (iran.zone, iran.calendar, iran.week_start) == ("Asia/Tehran", "jalali", "sat")
    assert dict(iran.weekend) == {"thu": "half", "fri": "full"}
    assert (iran.currency, iran.decimals, iran.digits, iran.languages) == ("IRT", 0, "fa", ("fa",))
    assert iran.fiscal_year_first_month == 1
    assert iran.style.calendar == "jalali"
    assert iran.build_style("en").calendar == "gregorian"
    assert iran.build_style("en").digits == "latn"


@pytest.mark.parametrize(
    ("code", "weekend", "week_start", "digits"),
    [
        ("SA", {"fri": "full", "sat": "full"}, "sun", "arab"),
        ("AE", {"fri": "half", "sat": "full", "sun": "full"}, "mon", "latn"),
        ("EG", {"fri": "full", "sat": "full"}, "sat", "arab"),
        ("KW", {"fri": "full", "sat": "full"}, "sat", "arab"),
        ("MA", {"sat": "full", "sun": "full"}, "mon", "latn"),
        ("LB", {"sat": "full", "sun": "full"}, "mon", "arab"),
        ("CN", {"sat": "full", "sun": "full"}, "mon", "latn"),
        ("US", {"sat": "full", "sun": "full"}, "sun", "latn"),
    ],
)
def test_weeks_and_digits(code, weekend, week_start, digits):
    told = get_country_defaults(code)
    assert (dict(told.weekend), told.week_start, told.digits) == (weekend, week_start, digits)


@pytest.mark.parametrize(
    ("code", "currency", "decimals"), [("KW", "KWD", 3), ("IQ", "IQD", 0), ("CN", "CNY", 2)]
)
def test_money(code, currency, decimals):
    assert (get_country_defaults(code).currency, get_country_defaults(code).decimals) == (currency, decimals)


def test_only_the_law_of_some_countries_moves_the_fiscal_year():
    assert get_country_defaults("IN").fiscal_year_first_month == 4
    assert get_country_defaults("SA").second_calendar == "hijri"


def test_every_country_has_usable_defaults():
    for code in CODES:
        told = get_country_defaults(code)
        assert ZoneInfo(told.zone).key == told.zone
        assert 1 <= len(told.weekend) <= 3
        assert told.languages
        assert told.week_start in {"sat", "sun", "mon"}
        assert told.currency, code


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_are_complete_in_each_language(language):
    countries = list_countries(language)
    assert sorted(code for code, _ in countries) == sorted(CODES)
    assert len({name for _, name in countries}) == len(countries)
    assert {"IR", "SA", "CN"} <= {code for code, _ in list_prominent_countries(language)}


def test_persian_order_and_names():
    names = [name for _, name in list_countries("fa")]
    assert names.index("پاکستان") < names.index("تونس") < names.index("چین") < names.index("گرجستان")
    assert get_country_name("PS", "ar") == "فلسطين"


@pytest.mark.parametrize("code", ["", "XX", "ir", "001"])
def test_an_unknown_country_is_refused(code):
    with pytest.raises(CountryUnknown):
        get_country_defaults(code)
    with pytest.raises(CountryUnknown):
        get_country_name(code, "en")
