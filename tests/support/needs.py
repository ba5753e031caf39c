"""Skip what this machine can't run, unless it is demanded.

`VAFA_REQUIRE="chromium postgres"` names what must be there: a test that needs one of these then fails
where it would have been skipped, so that a green run on the build machine really ran everything.
"""

import os
from typing import NoReturn

import pytest


def list_required() -> set[str]:
    """The names in `VAFA_REQUIRE`."""
    return set(os.environ.get("VAFA_REQUIRE", "").replace(",", " ").split())


def give_up(need: str, reason: str) -> NoReturn:
    """Skip the running test for want of `need`, or fail it when `VAFA_REQUIRE` names `need`."""
    if need in list_required():
        pytest.fail(f"VAFA_REQUIRE names {need}, but {reason}", pytrace=False)
    pytest.skip(reason)
