"""Settings and fixtures of every test: those under tests/ and those in the rooms."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.postgres", "tests.support.browser"]

# Deadlines measure the machine, not the code: on a busy one they fail by chance.
settings.register_profile("everyday", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("everyday"), max_examples=1000)
settings.load_profile(os.environ.get("VAFA_HYPOTHESIS", "everyday"))
