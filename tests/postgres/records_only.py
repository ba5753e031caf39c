"""A plugin of pytest (-p tests.postgres.records_only): only the tests that touch the records are run."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests to which it is all the same which database there is."""
    kept = [item for item in items if touches_records(item)]
    left_out = [item for item in items if not touches_records(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def touches_records(item: pytest.Item) -> bool:
    """Whether a test asks for the database, itself or by one of its fixtures."""
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or bool(
        {"db", "transactional_db"} & set(fixtures)
    )
