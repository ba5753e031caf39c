"""The end of data, not the clock, ends every figure: sixty days without news change nothing and start nothing."""

from datetime import timedelta

import pytest

from tests.laws.asking import RULES, run_command
from tests.laws.worlds import fill, open_shop, settle_money
from vafa.data.log.models import Happening
from vafa.kit import clock
from vafa.measure.metrics.queries import list_metric_names
from vafa.warehouse.queries import open_snapshot


@pytest.fixture
def shop(db, tmp_path):
    with open_shop(tmp_path) as shop:
        settle_money(shop)
        fill(shop)
        shop.follow()
        yield shop


def tell_all() -> list[str]:
    """Every metric under every rule, without dates and month by month, and the cohorts, as the command prints them."""
    told = [run_command("cohorts", "--json")]
    for rule in RULES:
        for metric in list_metric_names():
            told.append(run_command("metric", metric, "--rule", rule, "--json"))
            told.append(
                run_command(
                    "metric", metric, "--rule", rule, "--from", "2023-12-01", "--every", "month", "--json"
                )
            )
    return told


@pytest.mark.parametrize("rebuild", [False, True])
def test_sixty_days_without_news_change_no_figure(shop, monkeypatch, rebuild):
    before, happenings, reached = (
        tell_all(),
        Happening.objects.count(),
        open_snapshot().freshness().data_until,
    )
    shop.now += timedelta(days=60)
    monkeypatch.setattr(clock, "now", lambda: shop.now)
    shop.follow(rebuild=rebuild)
    assert tell_all() == before
    assert open_snapshot().freshness().data_until == reached
    assert Happening.objects.count() == happenings
