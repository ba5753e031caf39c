"""A plugin of pytest (-p tests.postgres.records_only): only the tests that touch the records are run, those of many
examples with their first, and laws with a fifth of theirs, because all of them are tried on the other database."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, settings

# Where hypothesis keeps a test's settings; it has no door for changing them from outside.
SETTINGS = "_hypothesis_internal_use_settings"
# Here each example is another question to the database, put otherwise on PostgreSQL.
WHOLE = ("test_seeking.py",)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests to which it is all the same which database there is."""
    kept = list_first(item for item in items if touches_records(item))
    chosen = set(kept)
    left_out = [item for item in items if item not in chosen]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
    for law in {getattr(item, "function", None) for item in kept if is_law(item)}:
        own = getattr(law, SETTINGS, None) or settings()
        setattr(law, SETTINGS, settings(own, max_examples=max(own.max_examples // 5, 1)))


def list_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Of each test its first example, but of some files all."""
    first: dict[str, pytest.Item] = {}
    for item in items:
        is_whole = item.path.name in WHOLE
        first.setdefault(item.nodeid if is_whole else item.nodeid.partition("[")[0], item)
    return list(first.values())


def is_law(item: Any) -> bool:
    """Whether a test is one of hypothesis."""
    return is_hypothesis_test(getattr(item, "function", None))


def touches_records(item: pytest.Item) -> bool:
    """Whether a test asks for the database, itself or by one of its fixtures."""
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or bool(
        {"db", "transactional_db"} & set(fixtures)
    )
