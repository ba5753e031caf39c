"""Scores, scales, questions and lengths of time, as people and systems write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from vafa.data.intake.reading.problems import ValueProblem
from vafa.data.intake.reading.questions import guess_direction, guess_question, parse_question
from vafa.data.intake.reading.score_words import LADDERS, NO_ANSWER
from vafa.data.intake.reading.scores import Told, guess_scale, parse_scale, parse_score, place_word
from vafa.data.intake.reading.spans import find_unit, parse_span


@pytest.mark.parametrize(
    ("text", "points", "of"),
    [
        ("9", "9", None), ("۹", "9", None), ("٠", "0", None), ("4.5", "4.5", None), ("۴٫۵", "4.5", None),
        ("4/5", "4", 5), ("4 out of 5", "4", 5), ("۴ از ۵", "4", 5), ("4 من 5", "4", 5), ("80%", "80", 100),
        ("★★★★☆", "4", 5), ("★★★★★", "5", 5), ("5 stars", "5", None), ("۴ ستاره", "4", None), ("8分", "8", None),
    ],
)  # fmt: skip
def test_numbers_of_any_writing(text: str, points: str, of: int | None) -> None:
    assert parse_score(text) == Told(Decimal(points), of)


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("Very satisfied", 4), ("خیلی راضی", 4), ("خیلی‌راضی", 4), ("خيلي راضي", 4), ("ناراضی", 1), ("راض تماما", 4),
        ("غير راضٍ", 1), ("非常满意", 4), ("不满意", 1), ("نظری ندارم", 2), ("Strongly disagree", 0),
    ],
)  # fmt: skip
def test_words_of_five_levels_in_four_languages(word: str, level: int) -> None:
    told = parse_score(word)
    assert told is not None
    assert place_word(told.word, 1, 5, "high") == 1 + level
    assert place_word(told.word, 1, 5, "low") == 5 - level


def test_a_word_stands_where_its_ladder_has_as_many_steps_as_the_scale() -> None:
    assert [place_word("good", *scale, "high") for scale in ((0, 1), (1, 3), (1, 5), (1, 7))] == [
        1,
        3,
        4,
        None,
    ]
    assert place_word("agree", 1, 7, "high") == 6


def test_no_word_stands_for_two_levels_of_a_ladder() -> None:
    """Every word as it is written down once: a later level would take it from an earlier one in silence."""
    from vafa.data.intake.reading import score_words

    for text in (score_words._TWO, score_words._THREE, score_words._FIVE, score_words._SEVEN):
        words = [word for level in text.split("---") for word in set(score_words._split(level))]
        assert len(words) == len(set(words)), sorted({word for word in words if words.count(word) > 1})
    assert not any(NO_ANSWER & levels.keys() for levels in LADDERS.values())


def test_words_for_no_answer_are_no_answer() -> None:
    assert parse_score("Offered") is parse_score("بدون پاسخ") is parse_score("未作答") is None


@pytest.mark.parametrize("text", ["hello", "خوشمزه", ".", "4 / x", "seven"])
def test_what_is_no_score_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueProblem) as problem:
        parse_score(text)
    assert problem.value.code == "not_a_score"
    assert problem.value.remedy


@pytest.mark.parametrize(
    ("text", "scale"),
    [("1-5", (1, 5)), ("0 to 10", (0, 10)), ("۱ تا ۷", (1, 7)), ("من", None), ("5", (1, 5)), ("7-point", (1, 7)),
     ("11", (0, 10)), ("10", None), ("5-1", None)],
)  # fmt: skip
def test_scales(text: str, scale: tuple[int, int] | None) -> None:
    if scale is None:
        with pytest.raises(ValueProblem):
            parse_scale(text)
    else:
        assert parse_scale(text) == scale


@pytest.mark.parametrize(
    ("counts", "scale"),
    [
        ({"5": 15, "4": 8, "1": 3}, (1, 5)), ({"5": 15, "0": 8}, (0, 5)), ({"7": 20}, (1, 7)),
        ({"10": 20, "0": 1}, (0, 10)), ({"good": 20, "bad": 1}, (0, 1)), ({"Good": 1, "Offered": 3}, (0, 1)),
        ({"BadWithComment": 1}, (0, 1)), ({"خیلی راضی": 1}, (1, 5)),
        ({"4/5": 1}, (1, 5)), ({"80%": 1, "95%": 1}, (0, 100)), ({"1": 30, "0": 4}, (0, 1)),
        ({"خیلی راضی": 1, "3": 2}, (1, 5)),
    ],
)  # fmt: skip
def test_scales_that_the_answers_tell(counts: dict[str, int], scale: tuple[int, int]) -> None:
    assert guess_scale(counts).scale == scale


@pytest.mark.parametrize(
    ("counts", "among"),
    [({"5": 3, "4": 2}, (1, 7)), ({"10": 50, "7": 3}, (1, 10)), ({"4": 50}, (1, 5)), ({"9/10": 30}, (0, 10)),
     ({"250": 30}, (1, 5)), ({"راضی": 1}, (1, 5)), ({"good": 2, "bad": 1}, (1, 3))],
)  # fmt: skip
def test_scales_that_have_to_be_asked_for(counts: dict[str, int], among: tuple[int, int]) -> None:
    verdict = guess_scale(counts)
    assert verdict.scale is None
    assert among in verdict.choices
    assert verdict.example in counts


def test_answers_that_say_nothing_of_a_scale() -> None:
    assert guess_scale({"hello": 3}) == guess_scale({}) == guess_scale({"": 2})


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("How likely are you to recommend us to a friend?", "nps"), ("NPS", "nps"), ("چقدر ما را توصیه می‌کنید؟", "nps"),
        ("ما مدى احتمال أن توصي بنا؟", "nps"), ("您推荐我们的可能性", "nps"), ("How satisfied are you?", "csat"),
        ("میزان رضایت شما", "csat"), ("ما مدى رضاك عن الخدمة؟", "csat"), ("您的满意度", "csat"),
        ("How easy was it to get help?", "ces"), ("CES", "ces"), ("چقدر زحمت کشیدید؟", "ces"), ("费力程度", "ces"),
        ("Services", None), ("Date", None),
    ],
)  # fmt: skip
def test_what_is_asked_is_told_by_its_words(text: str, question: str | None) -> None:
    assert guess_question(text) == question
    assert parse_question(text) == (question or "other")


@pytest.mark.parametrize(
    ("text", "direction"),
    [("How easy was it?", "high"), ("How much effort did it take?", "low"), ("CES", None), ("میزان سختی", "low"),
     ("effort: how easy", None)],
)  # fmt: skip
def test_which_end_of_effort_is_good(text: str, direction: str | None) -> None:
    assert guess_direction(text) == direction


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("1:30:00", None, 5400), ("26:10", None, 94_200), ("90", "minute", 5400), ("1.5", "hour", 5400),
        ("۲ ساعت و ۵ دقیقه", None, 7500), ("2d 3h", None, 183_600), ("3小时20分", None, 12_000),
        ("0 days 02:15:33.123", None, 8133), ("1 day 02:00:00", None, 93_600), ("-5", "hour", -18_000), ("0", "day", 0),
    ],
)  # fmt: skip
def test_lengths_of_time(text: str, unit: str | None, seconds: int) -> None:
    assert parse_span(text, unit) == seconds


@pytest.mark.parametrize(
    ("text", "code"),
    [("90", "span_unit"), ("soon", "not_a_span"), ("3 apples", "not_a_span"), ("9e9", "not_a_span")],
)
def test_what_is_no_length_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as problem:
        parse_span(text, "day" if text == "9e9" else None)
    assert problem.value.code == code


@pytest.mark.parametrize(
    ("column", "unit"),
    [("First reply time in minutes", "minute"), ("Resolution time (in hrs)", "hour"), ("مدت پاسخ (دقیقه)", "minute"),
     ("首次响应时长(分钟)", "minute"), ("Full resolution", None)],
)  # fmt: skip
def test_the_unit_stands_in_the_heading(column: str, unit: str | None) -> None:
    assert find_unit(column) == unit
