"""The demo's story, before any of it is recorded."""

import re
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt
from pathlib import Path

import pytest

from vafa.data.intake.reading.phones import parse_phone
from vafa.front.demo.calendar import build_story
from vafa.front.demo.files import BAD_CUSTOMERS, BAD_ORDERS, CUSTOMERS, ORDERS
from vafa.front.demo.making import SEED
from vafa.front.demo.people import DOMAINS, draw_people
from vafa.front.demo.rates import (
    BRANCHES,
    MONTH_FACTORS,
    PLANS,
    TASTES,
    WINDOW_DAYS,
    get_club_leave_rate,
    get_shop_leave_rate,
)
from vafa.front.demo.sales import draw_orders
from vafa.front.demo.truth import DemoTruth
from vafa.front.demo.voice import draw_answers, draw_tickets
from vafa.front.demo.voice_files import BAD_ANSWERS, SURVEYS

DAY = date(2026, 11, 22)
GUIDE = Path(__file__).parents[5] / "docs" / "guide" / "demo.md"


@pytest.fixture(scope="module")
def truth():
    story = build_story(DAY)
    return DemoTruth(story, tuple(draw_people(story, 5_000, "test")))


def test_the_story_is_three_years_and_the_present_month():
    story = build_story(DAY)
    whole = story.whole_months
    assert len(whole) == 36
    assert whole[0].number == whole[12].number == 9
    assert date.fromordinal(story.data_until) == DAY
    assert whole[-1].end <= story.data_until < story.months[36].end


def test_factors_of_the_months_leave_the_mean_as_it_is():
    assert sum(MONTH_FACTORS) == pytest.approx(12)
    rates = [get_shop_leave_rate(branch, taste, 1) for branch in BRANCHES for taste in TASTES]
    assert all(0 < rate < 0.25 for rate in rates + [get_club_leave_rate(plan, 1) for plan in PLANS])


def test_the_same_seed_and_day_tell_the_same_story():
    story = build_story(DAY)
    assert draw_people(story, 40, "test") == draw_people(story, 40, "test")
    assert draw_people(story, 40, "test") != draw_people(story, 40, "other")


def test_more_customers_leave_the_first_ones_as_they_are():
    story = build_story(DAY)
    assert draw_people(story, 20, "test") == draw_people(story, 30, "test")[:20]


def test_names_of_four_scripts_and_mostly_persian(truth):
    cultures = [person.name.culture for person in truth.people]
    assert 0.8 < cultures.count("fa") / len(cultures) < 0.88
    assert all(cultures.count(culture) > 100 for culture in ("ar", "zh", "latin"))


def test_contact_points_can_belong_to_nobody(truth):
    for person in truth.people:
        assert not person.email or person.email.rpartition("@")[2] in DOMAINS
        # The city's code, then a zero: inside a city that is no number.
        assert not person.phone or person.phone[3] == "0"
    phones = [parse_phone(person.phone, "IR") for person in truth.people if person.phone]
    assert all(phone.startswith("+98") for phone in phones)


def test_a_few_customers_hold_a_second_card(truth):
    seconds = [person for person in truth.people if person.second_card]
    assert len(seconds) == 15
    for second in seconds:
        same = [p for p in truth.people if p.phone == second.phone and p.name == second.name]
        assert len(same) >= 2


def test_purchases_tell_the_drawn_spell_and_nothing_else(truth):
    people = list(truth.people[:300])
    orders = draw_orders(truth.story, people, "test")
    assert all(order.day < truth.story.data_until for order in orders)
    for person in people:
        days = sorted(
            {o.day for o in orders if o.person is person and o.status != "ناموفق" and o.returned != o.lines}
        )
        spells = [list(days[:1])] if days else []
        for before, day in pairwise(days):
            if day - before > WINDOW_DAYS:
                spells.append([])
            spells[-1].append(day)
        told = [spell for spell in person.shop_spells if spell.start < truth.story.data_until]
        assert [spell[0] for spell in spells] == [spell.start for spell in told]
        for measured, drawn in zip(spells, told, strict=True):
            assert measured[-1] == drawn.last_purchase or drawn.last_purchase >= truth.story.data_until


@pytest.mark.parametrize("days", [0, 17, 45, 120, 200, 300])
def test_people_leave_as_often_as_the_rates_say(days):
    story = build_story(DAY + timedelta(days=days))
    truth = DemoTruth(story, tuple(draw_people(story, 5_000, "test")))
    months = truth.get_last_months(30)
    for rate in (truth.count_shop(months), truth.count_club(months)):
        spread = sqrt(rate.expected * (1 - rate.expected_share))
        assert abs(rate.lost - rate.expected) < 4 * spread


def test_the_guide_states_the_rates():
    guide = GUIDE.read_text(encoding="utf-8")
    for branch in BRANCHES:
        assert f"| {branch.name} | {branch.leave_rate:.1%} | {branch.once_share:.0%} |" in guide
    for taste in TASTES:
        assert f"| {taste.name} | {taste.leave_factor:.1f} |" in guide
    for plan in PLANS:
        assert f"| {plan.name} | {plan.leave_rate:.1%} |" in guide
    assert " · ".join(f"{factor:.1f}" for factor in MONTH_FACTORS) in guide


@pytest.mark.parametrize("days", [0, 120, 240])
def test_the_guide_states_what_is_to_be_expected_whenever_the_demo_is_made(days):
    story = build_story(DAY + timedelta(days=days))
    truth = DemoTruth(story, tuple(draw_people(story, 5_000, SEED)))
    months = truth.get_last_months(12)
    guide = GUIDE.read_text(encoding="utf-8")
    rows = guide.partition("| Customers of |")[2].partition("\n\n")[0]
    stated = {name: float(share) / 100 for name, share in re.findall(r"\| (.+) \| ([\d.]+)% \|", rows)}
    assert stated.pop("all") == pytest.approx(truth.count_shop(months).expected_share, abs=0.002)
    assert set(stated) == {branch.name for branch in BRANCHES}
    for name, share in stated.items():
        assert truth.count_shop(months, location=name).expected_share == pytest.approx(share, abs=0.003)
    club = float(guide.partition("Over all plans ")[2].partition("%")[0]) / 100
    assert club == pytest.approx(truth.count_club(months).expected_share, abs=0.002)


def test_dissatisfied_customers_leave_more_often(truth):
    tickets = draw_tickets(truth.story, list(truth.people), SEED)
    answers = draw_answers(truth.story, list(truth.people), tickets, SEED)
    until = truth.story.data_until
    assert all(answer.answered is None or answer.answered < until for answer in answers)

    def measure_leavers(low: int, high: int) -> float:
        """Of those who gave such a score, the share who bought for the last time within three months."""
        told = [
            any(-5 <= spell.last_purchase - answer.answered < 90 for spell in answer.person.shop_spells)
            for answer in answers
            if answer.question == "NPS" and answer.score is not None and answer.answered is not None
            and answer.answered < until - 180
            and low <= answer.score <= high
        ]  # fmt: skip
        assert len(told) > 100
        return sum(told) / len(told)

    assert measure_leavers(0, 6) > 3 * measure_leavers(9, 10)


def test_more_tickets_are_impossible_than_none_and_all_others_are_in_order(truth):
    tickets = draw_tickets(truth.story, list(truth.people), SEED)
    assert tickets == draw_tickets(truth.story, list(truth.people), SEED)
    wrong = [ticket for ticket in tickets if ticket.answered is not None and ticket.answered < ticket.opened]
    assert 5 < len(wrong) < 30
    assert all(
        ticket.solved is None or (ticket.answered is not None and ticket.answered <= ticket.solved)
        for ticket in tickets
    )


@pytest.mark.parametrize(
    ("file", "rows"), [(CUSTOMERS, BAD_CUSTOMERS), (ORDERS, BAD_ORDERS), (SURVEYS, BAD_ANSWERS)]
)
def test_bad_rows_are_bad_in_a_value_not_in_their_shape(file, rows):
    assert {len(row) for row in rows} == {len(file.columns) + len(file.own_columns)}
