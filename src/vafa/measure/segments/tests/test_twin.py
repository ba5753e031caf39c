"""Every definition finds exactly whom its slow twin finds, in every shop and as of every day."""

import random
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from vafa.data.business.models import Business, CurrencyRate
from vafa.measure.segments import context
from vafa.measure.segments.coding import read_definition, write_definition
from vafa.measure.segments.evaluating import find_members
from vafa.measure.segments.naive import PlainAsked, naive_find_members
from vafa.measure.segments.tests import world as worlds
from vafa.measure.segments.types import Cutting
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import open_snapshot
from vafa.warehouse.tests.world import NOW, World, undone_afterwards

pytestmark = pytest.mark.django_db

CUTTINGS = st.builds(
    Cutting,
    st.sampled_from(("gregorian", "jalali", "hijri")),
    st.sampled_from(("mon", "sat")),
    st.sampled_from((1, 4)),
)


@pytest.mark.parametrize("few_share", [0.2, 2])
@settings(suppress_health_check=list(HealthCheck), max_examples=8)
@given(data=st.data(), seed=st.integers(0, 10**9))
def test_evaluation_agrees_with_its_slow_twin(few_share, data, seed):
    with undone_afterwards(), pytest.MonkeyPatch.context() as patch:
        # With a share above one, arrays are made of whoever the cheaper conditions leave, never of everybody.
        patch.setattr(context, "FEW_SHARE", few_share)
        CurrencyRate.objects.create(currency="USD", rate=worlds.DOLLAR, valid_from=date(2020, 1, 1))
        worlds.fill(World(), random.Random(seed))
        refresh(now=NOW, rebuild=True)
        snapshot, shop = open_snapshot(), worlds.read_plain()
        odd = {pk for pk in shop if pk % 2}
        for definition in data.draw(st.lists(worlds.DEFINITIONS, min_size=8, max_size=8)):
            cutting, rule, as_of = (
                data.draw(CUTTINGS),
                data.draw(worlds.RULES),
                data.draw(worlds.BOUNDARIES),
            )
            business = Business(
                calendar=cutting.calendar,
                week_start=cutting.week_start,
                fiscal_first_month=cutting.first_month,
                currency="TRY",
            )
            known = snapshot.ix_set(sorted(odd)) if odd else BitMap()

            def find_segment(slug, _as_of, known=known):
                return known if slug == "odd" else BitMap()

            found = find_members(definition, snapshot, business, as_of, rule, find_segment)
            asked = PlainAsked(
                as_of, rule, cutting, lambda slug, pk: slug == "odd" and pk in odd, rates=worlds.RATES
            )
            assert set(snapshot.ids(found).tolist()) == naive_find_members(definition.root, shop, asked)
            assert read_definition(write_definition(definition)) == definition
