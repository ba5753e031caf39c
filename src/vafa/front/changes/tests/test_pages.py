"""The pages that explain a changed figure, from the card on the overview to the names."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import sign_in
from vafa.front.tests.conftest import NOW
from vafa.kit.permissions import Role
from vafa.measure.history.tests.books import Books
from vafa.measure.history.tests.test_stories import FIRST

STORY = "/changes/?metric=crr&from=2025-05-01&to=2025-06-01"


@pytest.fixture
def told(signed_in: Client, tmp_path: Path) -> Client:
    """The owner's browser of a shop into which a file came late."""
    books = Books(tmp_path)
    books.bring(FIRST)
    books.look()
    books.bring([("carl", date(2025, 5, 18), 10)])
    books.look()
    return signed_in


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_card_leads_to_the_story_and_the_story_to_the_names(told: Client):
    overview = read(told, "/overview/?from=2025-05-01")
    assert "It was 50.0% before: why?" in overview
    assert "metric=crr&amp;from=2025-05-01&amp;to=2025-06-01" in overview
    answer = told.get(STORY)
    (step,) = answer.context["steps"]
    assert (step.before, step.after, step.effect) == ("50.0%", "75.0%", "+25.00\u00a0pp")
    (cause,) = step.causes
    assert cause.url == "/imports/2/"
    assert "orders2.csv" in cause.text
    assert (cause.effect, step.together) == ("+25.00\u00a0pp", "")
    kept = next(one for one in step.moved if one.name == "Kept")
    assert (kept.came, kept.left, kept.left_url) == ("1", "0", None)
    page = read(told, kept.came_url)
    assert "Came into “Kept”: 1 customer" in page
    assert "carl" in page


def test_all_changed_figures_are_listed(told: Client):
    page = told.get("/changes/")
    titles = {(row["title"], row["was"], row["now"]) for row in page.context["rows"]}
    assert ("Customer retention rate (CRR)", "50.0%", "75.0%") in titles
    assert ("Lost customers", "2", "1") in titles


def test_a_figure_that_stayed_says_so_and_one_never_seen_is_not_found(told: Client):
    stayed = read(told, "/changes/?metric=crr&from=2025-03-01&to=2025-04-01")
    assert "It is what it was when it was first seen." in stayed
    for query in (
        "metric=crr&from=1999-01-01&to=1999-02-01", "metric=nonsense&from=2025-05-01&to=2025-06-01", "metric=crr",
        "metric=crr&from=x&to=y",
    ):  # fmt: skip
        assert told.get(f"/changes/?{query}").status_code == 404
    for query in ("set=kept&side=came", "set=nonsense&side=came&state=1", "set=kept&side=came&state=999999"):
        assert (
            told.get(f"/changes/names/?metric=crr&from=2025-05-01&to=2025-06-01&{query}").status_code == 404
        )


def test_another_rule_has_no_past_to_be_held_against(told: Client):
    assert "before: why?" not in read(told, "/overview/?from=2025-05-01&rule=purchase:45d")


def test_without_any_look_every_figure_is_what_it_was(signed_in: Client):
    assert "Every figure is what it was" in read(signed_in, "/changes/")


def test_who_sees_own_customers_only_sees_no_story_of_all(told: Client):
    agent = Staff.objects.create_user("a@example.com", "a long walk", role=Role.AGENT, created_at=NOW)
    client = sign_in(agent)
    assert "Came into it" in read(client, STORY)
    change_business(by=None, now=NOW, agents_own_only=True)
    page = read(client, STORY)
    assert "for the whole business only" in page
    assert "50.0%" not in page
    assert (
        client.get("/changes/names/?metric=crr&from=2025-05-01&to=2025-06-01&set=kept&side=came").status_code
        == 404
    )
    assert "before: why?" not in read(client, "/overview/?from=2025-05-01")


def test_a_reader_gets_no_link_to_the_import(told: Client):
    reader = Staff.objects.create_user("r@example.com", "a long walk", role=Role.READ_ONLY, created_at=NOW)
    (step,) = sign_in(reader).get(STORY).context["steps"]
    assert step.causes[0].url is None
