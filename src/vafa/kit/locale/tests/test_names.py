import pytest

from vafa.kit.locale.names import (
    build_display_name,
    build_initials,
    build_salutation,
    find_gender,
    get_first_given_name,
)


def test_chinese_names_are_written_family_first():
    assert build_display_name("小明", "王") == "王小明"
    assert build_display_name("علی", "رضایی") == "علی رضایی"
    assert build_display_name("", "Smith") == "Smith"
    assert build_display_name("David", "王") == "David 王"


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ali Smith", "AS"),
        ("Mr. John Q. Public", "JP"),
        ("Cher", "C"),
        ("آقای علی رضایی", "ع\u200cر"),
        ("王小明", "王"),
        ("欧阳修", "欧阳"),
        ("", ""),
        ("123", ""),
    ],
)
def test_initials(name, initials):
    assert build_initials(name) == initials


@pytest.mark.parametrize(
    ("title", "gender"),
    [
        ("آقای", "male"),
        ("سرکار خانم", "female"),
        ("خانم دکتر", "female"),
        ("دکتر", None),
        ("女士", "female"),
        ("", None),
    ],
)
def test_gender_is_known_only_where_the_title_tells_it(title, gender):
    assert find_gender(title) == gender


def test_salutations():
    assert build_salutation("fa", family="رضایی", gender="male") == "آقای رضایی"
    assert build_salutation("fa", given="علی", family="رضایی") == "مشتری گرامی"
    assert build_salutation("fa", family="رضایی", title="دکتر") == "دکتر رضایی"
    # Arabic addresses by the given name, Chinese never by it alone.
    assert build_salutation("ar", given="فاطمة", family="الزهراني", gender="female") == "الأستاذة فاطمة"
    assert build_salutation("zh-hans", given="小明", family="王", gender="male") == "王先生"
    assert build_salutation("zh-hans", family="李", title="总") == "李总"
    assert build_salutation("zh-hans", given="小明") == "尊敬的客户"
    assert build_salutation("en", given="John", family="Smith") == "John"
    assert build_salutation("en", family="Smith", title="Dr") == "Dr Smith"


def test_an_arabic_double_name_stays_whole():
    assert get_first_given_name("عبد الله محمد الأحمد") == "عبد الله"
    assert get_first_given_name("الأستاذ أحمد علي") == "أحمد"
    assert get_first_given_name("") == ""
