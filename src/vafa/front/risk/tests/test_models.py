"""The cards of models and the settings of predictions: shown, put back, kept from who may not."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from vafa.front.overview.tests.shop import NOW, Shop, shop, sign_in
from vafa.front.tests.conftest import owner, signed_in
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role
from vafa.predict.models.models import Card
from vafa.predict.models.queries import get_settings

__all__ = ["owner", "shop", "signed_in"]

JUDGED = {"n": 200, "leavers": 80, "auc": 0.8, "brier": 0.15, "log_loss": 0.4, "lift": 2.0}
BIN = {"n": 100, "left": 40, "happened_low": 0.3, "happened_high": 0.5}
BASE = {"kind": "mbg", "r": 0.61, "alpha": 60.134, "a": 0.9, "b": 2.5, "log_likelihood": 0.0, "customers": 10}
DOCUMENT: dict[str, Any] = {
    "taken": "logistic",
    "lacks": [["leavers", 80, 101]],
    "active_base": 0.25,
    "base": BASE,
    "base_now": {"as_of": "2025-06-01", "at": "2025-06-02T03:00:00+00:00", "parameters": BASE, "moved": 0.0125},
    "regression": {
        "design": {"parts": [{"name": "lateness", "group": "rhythm"}, {"name": "lines", "group": "product"}]},
        "stable": {"rhythm": True, "product": False},
    },
    "training": {"days": ["2024-12-01", "2025-01-01"], "rows": 400, "left_out": 0},
    "leaks": [{"name": "field:custom:mood", "code": "too_good", "auc": 0.99}],
    "cutoffs": [
        {"at": "2025-02-01", "n": 200, "leavers": 80, "recency_auc": 0.7,
         "models": {"base": JUDGED | {"auc": None}, "logistic": JUDGED}},
    ],
    "overall": JUDGED | {
        "curve": [BIN | {"low": 0, "high": 0.4, "told": 0.3, "happened": 0.4},
                  BIN | {"low": 0.4, "high": 1, "told": 0.6, "happened": 0.7}],
    },
    "gaps": [{"later": "logistic", "earlier": "base", "low": -0.02, "high": -0.01}],
}  # fmt: skip


def make_card(champion: bool, document: dict[str, Any] = DOCUMENT) -> Card:
    return Card.objects.create(
        kind="orders",
        horizon_days=90,
        form="logistic",
        verdict="bands",
        seq=12,
        data_until=date(2025, 6, 1),
        as_of=date(2025, 6, 1),
        document=document,
        trained_at=NOW,
        judged_at=NOW,
        is_champion=champion,
        promoted_at=NOW if champion else None,
    )


def test_a_card_tells_its_record_and_can_be_put_back(shop: Shop, signed_in: Client) -> None:
    assert signed_in.get("/risk/models/").context["rows"] == []
    earlier, newest = make_card(champion=False), make_card(champion=True)
    assert len(signed_in.get("/risk/models/").context["rows"]) == 2
    page = signed_in.get(f"/risk/models/{earlier.pk}/")
    assert page.context["days"].rows[0][1:6] == ["200", "80", "0.8", None, "0.7"]
    assert page.context["compared"].rows[0][3] == "Yes"
    assert page.context["compared"].rows[0][2] == "\u2066−0.02 … −0.01\u2069"
    assert len(page.context["curve"].data["series"]) == 2
    assert "mood" in page.context["leaks"][0]
    assert [row[1] for row in page.context["features"].rows] == [
        "\u2068Since the last purchase, as a multiple of the own rhythm\u2069",
        "\u2068Product lines bought\u2069",
    ]
    # The odds of the base are 1 to 3, twice them 2 to 3.
    assert "25%" in dict(page.context["facts"])["Bands of risk"]
    assert "40%" in dict(page.context["facts"])["Bands of risk"]
    assert signed_in.get(f"/risk/models/{earlier.pk}/use/").status_code == 405
    assert signed_in.post(f"/risk/models/{earlier.pk}/use/").status_code == 302
    assert Card.objects.get(is_champion=True) == earlier
    assert AuditEntry.objects.filter(action="model.promoted", subject=f"model:{earlier.pk}").count() == 1
    assert "MBG/NBD: r = 0.61, α = 60.13" in dict(page.context["facts"])["Purchase model at the training"]
    assert (
        "from those of the training by 1.25 percentage points"
        in dict(page.context["facts"])["Purchase model now"]
    )
    assert signed_in.get("/risk/models/0/").status_code == 404
    assert signed_in.post("/risk/models/0/use/").status_code == 302
    assert signed_in.get(f"/risk/models/{newest.pk}/").status_code == 200


def test_settings_of_predictions_are_kept_or_say_why_not(shop: Shop, signed_in: Client) -> None:
    page = "/settings/predictions/"
    assert signed_in.get(page).status_code == 200
    said = {"horizon_days": "60", "low_odds": "۱٫۵", "high_odds": "3", "monthly_rate": "2.5"}
    assert signed_in.post(page, said).status_code == 302
    told = get_settings()
    assert (told.horizon_days, told.low_odds, told.high_odds, told.monthly_rate) == (60, 1.5, 3.0, 0.025)
    assert "monthly_rate" in signed_in.post(page, said | {"monthly_rate": "30"}).context["form"].errors
    assert AuditEntry.objects.filter(action="predictions.set").count() == 1
    wrong = signed_in.post(page, said | {"high_odds": "1"})
    assert wrong.status_code == 422
    assert "high_odds" in wrong.context["form"].errors
    assert signed_in.post(page, said | {"horizon_days": "7"}).status_code == 422
    assert get_settings() == told


@pytest.mark.usefixtures("signed_in")
def test_an_agent_sees_neither(shop: Shop) -> None:
    card = make_card(champion=True)
    agent = sign_in(shop.hire(Role.AGENT))
    for address in ("/risk/models/", f"/risk/models/{card.pk}/", "/settings/predictions/"):
        assert agent.get(address).status_code == 403
    assert agent.post(f"/risk/models/{card.pk}/use/").status_code == 403
    assert sign_in(shop.hire(Role.ANALYST)).get("/settings/predictions/").status_code == 200
