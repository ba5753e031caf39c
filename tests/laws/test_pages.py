"""The pages and their files tell what the twin tells, of the hand-made business."""

import pytest

from tests.laws.asking import RULES
from tests.laws.browsing import check_pages, list_days, sign_in
from tests.laws.twin import Twin
from tests.laws.worlds import fill, open_shop, settle_money
from vafa.data.business.actions import change_business
from vafa.data.staff.queries import forget_owner


@pytest.fixture
def shop(db, tmp_path):
    with open_shop(tmp_path) as shop:
        settle_money(shop)
        fill(shop)
        shop.follow()
        yield shop
    forget_owner()


@pytest.mark.parametrize(
    "calendar",
    ["jalali", *(pytest.param(name, marks=pytest.mark.slow) for name in ("gregorian", "hijri"))],
)
def test_the_overview_its_files_and_its_names_agree_with_the_twin(shop, calendar):
    change_business(by=None, now=shop.now, calendar=calendar)
    client, twin = sign_in(shop), Twin()
    splits = ("location", "plan", "custom:tier", "product", "customer_location")
    looked_at = 0
    for number, rule in enumerate(RULES):
        for place, day in enumerate(list_days(twin)[number % 2 :: 2]):
            every = ("month", "quarter", "week")[(number + place) % 3]
            looked_at += check_pages(twin, client, rule, every, day, splits[(number + place) % 5])
    assert looked_at >= 5
