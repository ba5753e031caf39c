"""Scores by the API: as much as may be told, page by page, and never more than the token's maker may see."""

from datetime import date

import pytest

from vafa.api.tests.conftest import Ask
from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.front.overview.tests.shop import NOW, Shop
from vafa.kit.permissions import Role
from vafa.kit.scopes import Scope
from vafa.predict.models.types import Lack, Question, Verdict
from vafa.predict.scores.standing import note_standing
from vafa.warehouse.actions import publish_column

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2025, 6, 30)


def publish(shop: Shop, *, chances: bool = True) -> list[int]:
    ids = sorted([shop.staying, shop.leaving, shop.returning])
    publish_column("risk_band", ids, [0, 1, 2], DAY)
    if chances:
        publish_column("risk", ids, [0.1, 0.4, 0.8], DAY)
        publish_column("value_12m", ids[1:], [120.5, 80], DAY)
    verdict = Verdict("percent" if chances else "bands")
    note_standing(Question("orders", 90), DAY, verdict, None, asked="", now=NOW)
    return ids


def test_what_was_never_worked_out_is_none(shop: Shop, ask: Ask) -> None:
    status, told = ask("/scores")
    assert (status, told["verdict"], told["count"], told["rows"]) == (200, "none", 0, [])
    assert ask(f"/customers/{shop.staying}")[1]["risk_band"] is None


def test_scores_come_page_by_page_and_stand_beside_the_customers(shop: Shop, ask: Ask) -> None:
    ids = publish(shop)
    _status, first = ask("/scores?limit=2")
    _status, second = ask(f"/scores?limit=2&cursor={first['next_cursor']}")
    assert [row["customer"] for row in first["rows"] + second["rows"]] == ids
    assert (first["count"], second["next_cursor"]) == (3, None)
    about = (first["kind"], first["horizon_days"], first["as_of"], first["verdict"])
    assert about == ("orders", 90, DAY.isoformat(), "percent")
    last = second["rows"][0]
    assert (last["risk_band"], last["risk"], last["value_12m"], last["next_order_days"]) == (
        "high",
        0.8,
        80,
        None,
    )
    assert first["rows"][0]["value_12m"] is None
    rows = {row["id"]: row for row in ask("/customers")[1]["rows"]}
    told = [rows[ids[2]][name] for name in ("risk_band", "risk", "risk_horizon_days", "risk_as_of")]
    assert told == ["high", 0.8, 90, DAY.isoformat()]
    assert rows[shop.newcomer]["risk"] is rows[shop.newcomer]["risk_as_of"] is None
    assert ask(f"/customers/{ids[1]}")[1]["risk"] == 0.4


def test_they_are_chosen_by_band_and_by_chance(shop: Shop, ask: Ask) -> None:
    ids = publish(shop)
    assert [row["customer"] for row in ask("/scores?band=high")[1]["rows"]] == ids[2:]
    assert [row["customer"] for row in ask("/scores?least_risk=0.4")[1]["rows"]] == ids[1:]
    assert ask("/scores?band=huge")[0] == 422
    assert ask("/scores?least_risk=40")[0] == 422
    assert ask("/scores", scopes=(Scope.READ_SEGMENTS,))[0] == 403


def test_where_only_bands_may_be_told_no_chance_is(shop: Shop, ask: Ask) -> None:
    ids = publish(shop, chances=False)
    _status, told = ask("/scores")
    assert told["verdict"] == "bands"
    assert [(row["risk_band"], row["risk"]) for row in told["rows"]] == [
        ("low", None), ("raised", None), ("high", None)
    ]  # fmt: skip
    assert ask("/scores?least_risk=0")[1]["count"] == 0
    assert ask(f"/customers/{ids[0]}")[1]["risk"] is None


def test_a_refusal_says_what_is_missing(shop: Shop, ask: Ask) -> None:
    verdict = Verdict("refused", (Lack("customers", 60, 100),))
    note_standing(Question("orders", 90), DAY, verdict, None, asked="", now=NOW)
    _status, told = ask("/scores")
    assert (told["verdict"], told["rows"]) == ("refused", [])
    assert told["lacks"] == [{"code": "customers", "have": 60, "needed": 100}]


def test_an_agent_s_token_sees_own_customers(shop: Shop, ask: Ask) -> None:
    agent = shop.hire(Role.AGENT)
    Customer.objects.filter(pk=shop.leaving).update(owner=agent, seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    change_business(by=None, now=NOW, agents_own_only=True)
    publish(shop)
    told = ask("/scores", staff=agent)[1]
    assert [row["customer"] for row in told["rows"]] == [shop.leaving]
    assert told["count"] == 1
