"""The machine in a process of its own, on the database of DATABASE_URL: python -m tests.laws.driver EXAMPLES"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")


def main(examples: int) -> None:
    """Run the machine on records that are really committed."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment
    from hypothesis import settings
    from hypothesis.stateful import run_state_machine_as_test

    from tests.laws.test_machine import EVERYDAY, Agreement
    from tests.support.quick import let_tables_be_emptied

    let_tables_be_emptied()

    class Committed(Agreement):
        committed = True

    setup_test_environment()
    call_command("migrate", verbosity=0)
    run_state_machine_as_test(Committed, settings=settings(EVERYDAY, max_examples=examples))


if __name__ == "__main__":
    main(int(sys.argv[1]))
