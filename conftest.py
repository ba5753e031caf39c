"""Settings and fixtures of every test: those under tests/ and those in the rooms."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator

import django
import pytest
from hypothesis import HealthCheck, settings

from vafa.config.messages import ensure_messages

pytest_plugins = ["tests.support.postgres", "tests.support.browser"]

# Each test process keeps its data in a folder of its own, and never meets the data of whoever runs the tests.
# This stands here, not in pyproject.toml, because pytest-django would read the settings before it.
home = tempfile.mkdtemp(prefix="vafa-tests-")
atexit.register(shutil.rmtree, home, ignore_errors=True)
KEPT = ("VAFA_REQUIRE", "VAFA_TEST_DATABASE", "VAFA_TEST_TABLES")
for name in [name for name in os.environ if name.startswith("VAFA_") and name not in KEPT]:
    del os.environ[name]
# The records of the tests are in SQLite, unless another database is named for them.
os.environ["DATABASE_URL"] = os.environ.get("VAFA_TEST_DATABASE", "")
os.environ["VAFA_HOME"] = home
# Where `tests.support.tables` keeps records to be copied: the workers take it over from the process that starts them.
os.environ.setdefault("VAFA_TEST_TABLES", f"{home}/tables")
os.environ["DJANGO_SETTINGS_MODULE"] = "vafa.config.settings"
django.setup()

from django.db import connection  # noqa: E402

from tests.support.quick import keep_copies, let_tables_be_emptied, weaken_passwords  # noqa: E402 - they need the settings

weaken_passwords()
if connection.vendor == "postgresql":
    # The tests' own database is made from the one that is named, which may have its tables already.
    connection.settings_dict["TEST"]["TEMPLATE"] = connection.settings_dict["NAME"]
let_tables_be_emptied()

# Deadlines measure the machine, not the code: on a busy one they fail by chance.
settings.register_profile("everyday", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("everyday"), max_examples=1000)
settings.load_profile("thorough" if os.environ.get("HYPOTHESIS_THOROUGH") else "everyday")


@pytest.fixture(autouse=True, scope="session")
def compiled_messages() -> None:
    """Compile the message catalogues once, so that tests of other languages see the present texts."""
    ensure_messages()


@pytest.fixture(autouse=True, scope="session")
def copies() -> Iterator[None]:
    """Let the same small warehouse not be built hundreds of times."""
    with keep_copies():
        yield


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the long files begin first, so that at the end no worker is left alone with one of them."""
    long = {item.path for item in items if "slow" in item.keywords}
    items.sort(key=lambda item: (item.path.parent.name != "journeys", item.path not in long))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let no worker inherit the settings' name: pytest-django would load them before its home is set."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
