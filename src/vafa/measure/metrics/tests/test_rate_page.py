"""The rate page: the address is the question, refusals stand beside their field, and no script is needed."""

import re

import pytest
from django.test import Client

from vafa.kit.locale.formats import isolate, strip_direction_marks
from vafa.measure.metrics.rate_form import RateForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def get():
    client = Client()
    client.cookies["django_language"] = "en"

    def fetch(address: str, language: str = "en"):
        client.cookies["django_language"] = language
        response = client.get(address)
        assert response.status_code == 200
        return response.content.decode()

    return fetch


def test_anyone_may_open_it_and_nothing_is_asked_yet(get):
    page = get("/rate/")
    assert "How many of your customers stay?" in page
    assert "Your result" not in page
    assert "is missing" not in page


def test_an_address_is_a_question_with_its_answer(get):
    page = get("/rate/?start=1000&end=900&new=200&period=year&industry=retail")
    assert 'value="1000"' in page
    for text in ("70.0%", "30.0%", "−10.0%", "70.0%–90.0%", "20%–30%", "period unstated"):
        assert text in page
    formula = '<code class="formula" dir="ltr">CRR = (E − N) ÷ S = (900 − 200) ÷ 1,000 = 70.0%</code>'
    assert formula in strip_direction_marks(page)
    assert "This is an extrapolation, not a measurement." in page


def test_numbers_may_be_typed_in_any_digits(get):
    page = get("/rate/?start=۱٬۰۰۰&end=٩٠٠&new=２００")
    assert "70.0%" in page


def test_the_page_writes_the_readers_digits(get):
    page = get("/rate/?start=1000&end=900&new=200&period=year", "fa")
    assert "۷۰٫۰٪" in strip_direction_marks(page)
    assert 'dir="rtl"' in page
    formulas = re.findall(r'<code class="formula" dir="ltr">(.*?)</code>', page)
    # Each number is a left-to-right run of its own: a mark inside would swap the operands.
    end, new, start, crr = (isolate(text) for text in ("۹۰۰", "۲۰۰", "۱٬۰۰۰", "۷۰٫۰٪"))
    assert f"CRR = (E − N) ÷ S = ({end} − {new}) ÷ {start} = {crr}" in formulas


@pytest.mark.parametrize(
    ("asked", "field", "message"),
    [
        ("start=0&end=1&new=1", "start", "there is nobody to keep"),
        ("start=10&end=9", "new", "two numbers are not enough"),
        ("start=10&end=30&new=5", "reactivated", "At least 15 customers came back"),
        ("start=10&end=12&new=2&lost=9", "lost", "exactly 0 of the first customers were lost"),
        ("start=ten&end=1&new=1", "start", "whole number of customers"),
        ("start=10&end=-1&new=1", "end", "cannot be below zero"),
        ("start=10&lost=1&period=moon", "period", "names no length of time"),
        ("start=10&lost=1&industry=mining", "industry", "mining"),
        ("start=99999999999999999999999&lost=1", "start", "No business has more than"),
    ],
)
def test_refusals_stand_beside_their_field(get, asked, field, message):
    page = get(f"/rate/?{asked}")
    errors = re.search(rf'<ul class="field-errors" id="id_{field}_error">(.*?)</ul>', page, re.DOTALL)
    assert errors is not None
    assert message in errors[1]
    assert "Your result" not in page


def test_bounds_and_the_reason_where_the_rate_cannot_be_told(get):
    page = get("/rate/?start=10&end=5&new=9")
    assert "some newcomers have left again" in page
    assert "0.0%–50.0%" in page


def test_it_shows_the_plain_formula_beside_the_exact_one(get):
    page = get("/rate/?start=10&end=12&new=2&reactivated=2")
    assert "80.0%" in page
    assert "gives 100.0% here" in page


def test_every_example_of_the_page_answers(get):
    addresses = re.findall(r'href="(/rate/\?[^"]+)"', get("/rate/"))
    assert len(addresses) == 6
    for address in addresses:
        assert "Your result" in get(address.replace("&amp;", "&"))


def test_texts_from_the_address_do_no_harm(get):
    page = get("/rate/?start=%3Cscript%3E&period=%22%3E%3Cscript%3E&lost=1")
    assert "<script>" not in page.replace("<script src", "")


@pytest.mark.parametrize("language", ["fa", "ar", "zh-hans", "en"])
def test_each_language_has_its_page(get, language):
    assert f'lang="{language}"' in get("/rate/?start=100&end=105&new=15&period=month&industry=saas", language)


def test_the_form_answers_without_a_page():
    form = RateForm({"start": "100", "lost": "10", "period": "30d"})
    assert form.is_valid()
    assert form.answer is not None
    assert form.answer.rate.crr == 0.9
