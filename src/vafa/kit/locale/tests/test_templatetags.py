from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Engine
from django.utils import translation

from vafa.kit.locale.bidi import isolate
from vafa.kit.locale.tests.styles import ENGLISH, IRAN

ENGINE = Engine(libraries={"locale_kit": "vafa.kit.locale.templatetags.locale_kit"})


def render(source, **context):
    return ENGINE.from_string("{% load locale_kit %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{% number value %}", 1234, "۱٬۲۳۴"),
        ("{% number value decimals=2 %}", 1.5, "۱٫۵۰"),
        ("{% signed value %}", 3, "\u2066+۳\u2069"),
        ("{% compact value %}", 12345678, "۱۲٫۳\u00a0میلیون"),
        ("{% percent value %}", 0.8, "۸۰٫۰\u200f٪"),
        ("{% percent value 0 %}", 0.8, "۸۰\u200f٪"),
        ("{% points value %}", 0.012, "\u2066+۱٫۲\u2069\u00a0واحد درصد"),
        ("{% interval value 0.9 0 %}", 0.8, "\u2066\u2067۸۰\u200f٪\u2069–\u2067۹۰\u200f٪\u2069\u2069"),
        ("{% money value %}", 1200, "۱٬۲۰۰\u00a0تومان"),
        ('{% money value "USD" %}', 2, "۲٫۰۰\u00a0دلار"),
        ("{% money value compact=True %}", 12345678, "۱۲٫۳\u00a0میلیون\u00a0تومان"),
        ("{% day value %}", date(2026, 3, 21), "۱ فروردین ۱۴۰۵"),
        ('{% day value "month" %}', date(2026, 3, 21), "فروردین ۱۴۰۵"),
        ("{% ago value %}", 3, "۳ روز پیش"),
        ("{% days value %}", 3, "۳ روز"),
        ("{{ value|isolate }}", "AB-1", isolate("AB-1")),
        ("{{ value|isolate }}", None, "—"),
        ("{% number value %}", None, "—"),
    ],
)
def test_tags_write_in_the_pages_style(source, value, text):
    assert render(source, value=value, style=IRAN) == text


def test_a_moment_is_in_the_pages_zone():
    at = datetime(2026, 3, 20, 22, 0, tzinfo=UTC)
    assert (
        render("{% moment at %}", at=at, zone=ZoneInfo("Asia/Tehran"), style=ENGLISH)
        == "21 March 2026, 01:30"
    )


def test_a_period_is_named():
    told = render('{% period a b "month" %}', a=date(2025, 3, 21), b=date(2025, 4, 21), style=IRAN)
    assert told == "فروردین ۱۴۰۴"


def test_without_a_style_the_active_language_decides():
    with translation.override("zh-hans"):
        assert render("{% compact 12345678 %}") == "1234.6万"
    with translation.override("fa"):
        assert render("{% number 12 %}") == "۱۲"


def test_what_people_typed_is_still_escaped():
    assert "<b>" not in render("{{ name|isolate_auto }}", name="<b>")
