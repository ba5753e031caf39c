"""What an industry's churn is said to be: figures with their source, never a standard."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from vafa.kit.errors import AskedWrongly
from vafa.measure.metrics.types import Benchmark

_FILE = Path(__file__).with_name("benchmarks.json")


@lru_cache(maxsize=1)
def _read_file() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return loaded


def _get_titles() -> dict[str, str]:
    return {
        "saas": _("Software as a service (SaaS)"),
        "retail": _("Retail and online shops"),
        "finance": _("Finance and banking"),
        "consulting": _("Customer service and consulting"),
    }


def list_benchmarks() -> list[Benchmark]:
    """The benchmarks of all industries, in the active language."""
    stored = _read_file()
    titles = _get_titles()
    return [
        Benchmark(
            industry=row["industry"],
            title=titles[row["industry"]],
            churn_low=row["churn_low"],
            churn_high=row["churn_high"],
            good_below=row["good_below"],
            period=row["period"],
            source=stored["source"],
        )
        for row in stored["industries"]
    ]


def find_benchmark(industry: str) -> Benchmark | None:
    """The benchmark of one industry, or None where no figure is known."""
    return next((row for row in list_benchmarks() if row.industry == industry), None)


def get_benchmark(industry: str) -> Benchmark:
    """The benchmark of one industry. Raises AskedWrongly with the list of industries."""
    found = find_benchmark(industry)
    if found is None:
        names = [row.industry for row in list_benchmarks()]
        raise AskedWrongly(
            _("No benchmark is known for the industry “%(industry)s”.") % {"industry": industry},
            _("The industries are: %(names)s.") % {"names": ", ".join(names)},
            code="industry_unknown",
            industries=names,
        )
    return found
