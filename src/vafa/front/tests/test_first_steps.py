"""The first steps: country first, resumable, skippable."""

from datetime import date

import pytest
from django.test import Client

from vafa.data.business.queries import get_business
from vafa.front.date_field import parse_day, write_day
from vafa.kit.models import AuditEntry
from vafa.lab.calendars import CalendarName

pytestmark = pytest.mark.django_db

IRAN = {
    "country": "IR", "zone": "Asia/Tehran", "calendar": "jalali", "week_start": "sat", "digits": "auto",
    "fiscal_first_month": "1", "currency": "IRT", "phone_region": "IR", "weekend_thu": "half", "weekend_fri": "full",
}  # fmt: skip


def test_the_first_page_leads_to_the_first_steps_until_they_are_left(signed_in: Client) -> None:
    assert signed_in.get("/").headers["Location"] == "/first-steps/"
    assert signed_in.get("/first-steps/").headers["Location"] == "/first-steps/country/"
    signed_in.post("/first-steps/finish/")
    assert get_business().is_set_up
    assert signed_in.get("/").headers["Location"] != "/first-steps/"


def test_a_country_shows_all_that_it_settles_before_anything_is_kept(signed_in: Client) -> None:
    shown = signed_in.get("/first-steps/country/?country=IR").context["form"].initial
    assert {name: shown[name] for name in IRAN if name in shown} == {
        name: int(value) if name == "fiscal_first_month" else value
        for name, value in IRAN.items()
        if name != "country"
    }
    assert shown["weekend_sat"] == ""
    assert get_business().country == ""
    assert signed_in.get("/first-steps/country/?country=XX").context.get("form") is None


def test_every_country_can_be_chosen(signed_in: Client) -> None:
    countries = [code for code, _name in signed_in.get("/first-steps/country/").context["countries"]]
    assert len(countries) > 200
    for code in countries[::9]:
        form = signed_in.get("/first-steps/country/", {"country": code}).context["form"]
        for name, value in form.initial.items():
            choices = {key for key, _title in form.fields[name].choices}
            assert str(value) in choices, (code, name, value)


def test_the_country_is_kept_as_it_was_edited(signed_in: Client) -> None:
    answer = signed_in.post("/first-steps/country/", IRAN | {"weekend_thu": "", "currency": "IRR"})
    assert answer.headers["Location"] == "/first-steps/business/"
    business = get_business()
    assert (business.country, business.calendar, business.currency) == ("IR", "jalali", "IRR")
    assert business.weekend == {"fri": "full"}
    assert business.language == "fa"
    assert signed_in.get("/first-steps/").headers["Location"] == "/first-steps/business/"


def test_the_steps_lead_to_the_end(signed_in: Client) -> None:
    signed_in.post("/first-steps/country/", IRAN)
    identity = {"language": "fa", "name": "باشگاه", "customer_word": "member"}
    assert signed_in.post("/first-steps/business/", identity).headers["Location"] == "/first-steps/industry/"
    assert signed_in.post("/first-steps/industry/", {"industry": "club"}).status_code == 302
    rule = {"kind": "subscription", "grace_days": "۷"}
    assert signed_in.post("/first-steps/rule/", rule).headers["Location"] == "/first-steps/import/"
    assert get_business().activity_rule == "subscription+7d"
    assert signed_in.get("/first-steps/").headers["Location"] == "/first-steps/import/"
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions >= {"business.changed"}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"kind": "purchase:auto"}, "purchase:auto"),
        ({"kind": "purchase", "window_days": "۹۰"}, "purchase:90d"),
        ({"kind": "subscription"}, "subscription"),
        ({"kind": "purchase", "window_days": ""}, ""),
        ({"kind": "purchase", "window_days": "0"}, ""),
        ({"kind": "purchase", "window_days": "90.5"}, ""),
        ({"kind": "subscription", "grace_days": "400"}, ""),
        ({"kind": "magic"}, ""),
    ],
)
def test_rules_that_make_sense_are_kept(signed_in: Client, sent: dict[str, str], kept: str) -> None:
    answer = signed_in.post("/first-steps/rule/", sent)
    assert answer.status_code == (302 if kept else 422)
    assert get_business().activity_rule == kept


def test_the_word_for_customers_runs_through_the_pages(signed_in: Client) -> None:
    signed_in.post("/first-steps/business/", {"language": "en", "name": "Gym", "customer_word": "member"})
    context = signed_in.get("/settings/").context
    assert context["words"].many == "members"
    assert context["words"].counted(1) == "1 member"


@pytest.mark.parametrize(
    ("text", "calendar", "day"),
    [
        ("1405/01/01", "jalali", date(2026, 3, 21)),
        ("۱۴۰۵/۱/۱", "jalali", date(2026, 3, 21)),
        ("2026-03-21", "jalali", date(2026, 3, 21)),
        ("١٤٤٧/١٠/٠١", "hijri", date(2026, 3, 20)),
        ("2026年3月21日", "gregorian", date(2026, 3, 21)),
    ],
)
def test_days_are_read_in_the_calendar_of_the_business(text: str, calendar: CalendarName, day: date) -> None:
    assert parse_day(text, calendar) == day
    assert parse_day(write_day(day, calendar), calendar) == day


@pytest.mark.parametrize("text", ["", "1405/13/01", "1405/12/30", "yesterday", "21/03/2026", "2026-02-30"])
def test_what_is_no_day_is_refused(text: str) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        parse_day(text, "jalali")
