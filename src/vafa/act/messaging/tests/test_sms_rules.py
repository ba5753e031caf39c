"""Texts get what the rules of their country ask for, once; answers are read in any digits; what may not go is named."""

import re
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.act.messaging.sms_profiles import (
    find_sms_profile,
    get_sms_profile,
    list_sms_profiles,
    suggest_sms_profile,
)
from vafa.act.messaging.sms_rules import (
    SmsDress,
    check_sender,
    check_text,
    dress_text,
    find_links,
    read_answer,
)
from vafa.lab.sms import measure_sms

PURPOSES = ("marketing", "survey", "service")


def dress(key: str, line: str, signature: str = "") -> SmsDress:
    profile = get_sms_profile(key)
    return SmsDress(profile, profile.lines[line], signature)


@pytest.mark.parametrize(
    "text", ["11", "۱۱", "١١", "１１", " 11. ", "لغو", "لغو ۱۱", "لغو11", "«لغو»", "STOP", "انصراف"]
)
def test_a_persian_answer_that_stops_is_read_in_any_digits(text: str) -> None:
    assert read_answer(text, get_sms_profile("ir_kavenegar")) == "stop"


@pytest.mark.parametrize("text", ["R", "r", "Ｒ", "T", "td", "N", "退订", "TD退订", "拒收", " r 。"])
def test_a_chinese_answer_that_stops_is_read(text: str) -> None:
    assert read_answer(text, get_sms_profile("cn")) == "stop"


@pytest.mark.parametrize(
    "text",
    ["", "۱۱۱", "11:30", "سلام لغو نکنید", "ممنون از پیام ۱۱ صبح شما", "x" * 5000, "۱۲ ۱۱", "🎁", "\x00"],
)
def test_what_merely_looks_like_it_is_for_a_person_to_read(text: str) -> None:
    assert read_answer(text, get_sms_profile("ir")) is None


def test_twelve_allows_again_only_where_that_is_so() -> None:
    assert read_answer("۱۲", get_sms_profile("ir")) == "back"
    assert read_answer("12", get_sms_profile("cn")) is None


@given(st.text(max_size=60))
def test_no_answer_breaks_the_reading(text: str) -> None:
    assert read_answer(text, get_sms_profile("ir")) in (None, "stop", "back")


def test_the_way_to_stop_stands_at_the_end_where_it_is_due_and_is_counted() -> None:
    shop = dress("ir_kavenegar", "advertising")
    text = dress_text("تخفیف نوروزی\r\nتا جمعه", shop, "marketing", "fa")
    assert text == "تخفیف نوروزی\nتا جمعه\nلغو ۱۱"
    assert measure_sms(text).units == len(text) == 27
    assert dress_text("سفارش شما رسید", shop, "service", "fa") == "سفارش شما رسید"
    assert dress_text("نوبت شما", dress("ir", "service"), "service", "fa").endswith("\nلغو ۱۱")


@given(st.sampled_from(["ir", "cn", "world", "sa"]), st.text(max_size=80), st.sampled_from(PURPOSES))
def test_dressing_twice_changes_nothing(key: str, text: str, purpose: str) -> None:
    for line in get_sms_profile(key).lines:
        once = dress_text(text, dress(key, line, "万家"), purpose, "ar")
        assert dress_text(once, dress(key, line, "万家"), purpose, "ar") == once


def test_a_chinese_text_is_signed_first_and_tells_how_to_stop_last() -> None:
    assert (
        dress_text("新品到店", dress("cn", "advertising", "万家"), "marketing", "zh-hans")
        == "【万家】新品到店\n拒收请回复R"
    )


def test_other_countries_are_told_in_the_customers_language_else_in_english() -> None:
    abroad = dress("world", "advertising")
    assert dress_text("عرض", abroad, "marketing", "ar").endswith("للإيقاف أرسل STOP")
    assert dress_text("Angebot", abroad, "marketing", "de").endswith("Stop: reply STOP")


def test_what_may_not_go_is_named() -> None:
    iran = dress("ir", "advertising")
    assert check_text("سلام", iran, "marketing", pattern=False) == []
    assert check_text(" ", iran, "service", pattern=False) == ["empty"]
    assert check_text("a" * 901, iran, "marketing", pattern=False) == ["too_long"]
    assert check_text("ببینید: shop.ir/x", iran, "marketing", pattern=False) == ["links_need_approval"]
    assert check_text("ببینید: shop.ir/x", iran, "marketing", pattern=False, link_hosts=("shop.ir",)) == []
    # The service line reaches the blocked, and may carry no advertising.
    assert "purpose_not_on_line" in check_text("تخفیف", dress("ir", "service"), "marketing", pattern=True)
    assert check_text("您好", dress("cn", "advertising"), "marketing", pattern=False) == [
        "pattern_required",
        "no_signature",
    ]
    assert check_text("خصم", dress("sa", "advertising"), "marketing", pattern=False) == ["no_way_out"]


def test_the_sender_is_named_as_the_country_asks() -> None:
    for key, line, good, bad in (
        ("ir", "advertising", "10004346", "MyShop"),
        ("sa", "advertising", "MyShop-AD", "MyShop"),
        ("sa", "service", "MyShop", "MyShopWithALongName"),
        ("world", "named", "My Shop", "A name that is too long"),
    ):
        profile = get_sms_profile(key)
        assert check_sender(good, profile, profile.lines[line]) == []
        assert check_sender(bad, profile, profile.lines[line]) == ["sender_name"]


def test_links_are_found_with_and_without_a_scheme() -> None:
    assert find_links("ببینید https://a.example/x?y=1، یا shop.ir/s.") == [
        "https://a.example/x?y=1",
        "shop.ir/s",
    ]
    assert find_links("قیمت ۱.۵ میلیون، ساعت 9.30") == []
    assert find_links("www.shop.com و shop.ir") == ["www.shop.com", "shop.ir"]


def test_every_profile_is_whole() -> None:
    assert {one.country for one in list_sms_profiles()} >= {"IR", "SA", "CN", "world"}
    for one in list_sms_profiles():
        re.compile(one.sender_pattern)
        re.compile(one.advertising_pattern)
        assert one.latin_factor >= 1
        for line in one.lines.values():
            assert line.purposes <= set(PURPOSES)
            assert line.opt_out <= set(PURPOSES)
            # Words that tell to answer need a line to which one can.
            assert not line.opt_out or line.replies
    assert get_sms_profile("ir").lines["advertising"].window == (time(9), time(21))
    assert suggest_sms_profile("IR", "kavenegar").key == "ir_kavenegar"
    assert suggest_sms_profile("DE", "sms_http").key == "world"
    assert find_sms_profile("nowhere") is None
