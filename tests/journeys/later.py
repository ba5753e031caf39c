"""What the worker does by its timetable, done once, as if at a given moment: nobody waits until tomorrow for a report.

    python -m tests.journeys.later 2026-01-15T08:00:00+00:00 reports.send mail.send

The home is that of the environment. Everything in the timetable may be done by several workers at once.
"""

import os
import sys
from datetime import datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")


def main(moment: str, *names: str) -> None:
    import django

    django.setup()
    from vafa.config.timetable import TIMETABLE

    entries = {entry.name: entry for entry in TIMETABLE}
    for name in names:
        entries[name].do(datetime.fromisoformat(moment))


if __name__ == "__main__":
    main(*sys.argv[1:])
