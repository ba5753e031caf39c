"""The hazard counts as its definition says, and without features is the estimate of Kaplan and Meier."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.churn_tables import is_there, read_table
from vafa.lab.design import Feature
from vafa.lab.errors import LabelsAllAlike
from vafa.lab.hazard import HazardModel, build_cells, fit_hazard, naive_cells, naive_survival
from vafa.lab.judging import find_auc
from vafa.lab.survival import build_lifetimes, build_survival_curve

PLAN = Feature("plan", "contract", "choice")
PRICE = Feature("price", "price", "number")
Life = tuple[str, int, bool, int]
LIVES = st.lists(
    st.tuples(st.sampled_from(["a", "b", ""]), st.integers(-1, 6), st.booleans(), st.integers(0, 2)),
    max_size=25,
)


@given(LIVES)
def test_cells_count_each_customer_in_each_period_at_risk(lives: list[Life]) -> None:
    plans, lasts, left, firsts = ([life[place] for life in lives] for place in range(4))
    cells = build_cells((PLAN,), {"plan": np.asarray(plans, dtype=np.str_)}, lasts, left, firsts)
    told = {
        ((str(plan),), int(period)): (int(at_risk), int(gone))
        for plan, period, at_risk, gone in zip(
            *cells.columns.values(), cells.at_risk, cells.left, strict=True
        )
    }
    kinds = [{"plan": plan} for plan in plans]
    assert told == naive_cells(
        kinds, [int(own) for own in lasts], [bool(own) for own in left], [int(own) for own in firsts]
    )


@settings(max_examples=20)
@given(st.integers(0, 1_000))
def test_survival_is_the_product_of_those_who_stayed(seed: int) -> None:
    random = np.random.default_rng(seed)
    columns = {"plan": random.choice(["a", "b"], 60), "price": random.random(60)}
    left = random.random(60) < 0.5
    left[0] = True
    cells = build_cells((PLAN, PRICE), columns, random.integers(0, 9, 60), left)
    model = fit_hazard((PLAN, PRICE), cells)
    starts = random.integers(0, 12, 60)
    hazards, survival = model.hazards(columns, 5, starts), model.survival(columns, 5, starts)
    for own, told in zip(hazards.tolist(), survival.tolist(), strict=True):
        assert told == pytest.approx(naive_survival(own))
    assert model.chances(columns, starts, 5) == pytest.approx(1 - survival[:, -1])
    # Whoever is older starts where a newcomer gets to.
    assert model.hazards(columns, 9)[:, 3:] == pytest.approx(model.hazards(columns, 6, 3))
    back = HazardModel.from_document(json.loads(json.dumps(model.to_document())))
    assert (back.hazards(columns, 5, starts) == hazards).all()


@settings(max_examples=20)
@given(st.integers(0, 1_000))
def test_with_a_knot_on_each_period_and_no_penalty_it_is_kaplan_and_meier(seed: int) -> None:
    random = np.random.default_rng(seed)
    ages, ended = random.integers(0, 3, 80), random.random(80) < 0.4
    ended[:3], ages[:3] = True, [0, 1, 2]
    ended[3:6], ages[3:6] = False, 2
    curve = build_survival_curve(build_lifetimes(ages, ended))
    model = fit_hazard((), build_cells((), {}, ages, ended), penalty=1e-9)
    assert model.survival({}, 3)[0] == pytest.approx(curve.value, abs=1e-4)
    assert (model.customers, model.leavers, model.longest) == (80, ended.sum(), 2)


def test_where_nobody_left_or_nobody_was_there_it_is_refused() -> None:
    for lasts in ([3, 4], [-1, -1]):
        with pytest.raises(LabelsAllAlike):
            fit_hazard((), build_cells((), {}, lasts, [False, False]))


def test_telco_outlasts_as_published_and_contracts_tell_who() -> None:
    """Kaplan-Meier on this table: S(12) 0.8432, S(24) 0.7887, S(60) 0.6644."""
    if not is_there("telco"):
        pytest.skip("the development data are not on this machine")
    table = read_table("telco")
    tenure = table.columns["tenure"].astype(int)
    plain = fit_hazard((), build_cells((), {}, tenure, table.left)).survival({}, 61)[0]
    assert plain[[12, 24, 60]] == pytest.approx([0.8432, 0.7887, 0.6644], abs=0.015)
    contract = Feature("Contract", "contract", "choice")
    cells = build_cells((contract,), table.columns, tenure, table.left)
    assert len(cells.at_risk) <= 3 * 73
    by_contract = fit_hazard((contract,), cells)
    auc = find_auc(by_contract.chances(table.columns, tenure, 1), table.left)
    assert auc is not None
    assert auc > 0.7
