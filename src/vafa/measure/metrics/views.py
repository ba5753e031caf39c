"""The pages of this room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from vafa.data.business.queries import get_style
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import open_to_anyone
from vafa.measure.metrics.benchmarks import list_benchmarks
from vafa.measure.metrics.rate_form import COUNTS, RateForm
from vafa.measure.metrics.rate_page import build_result, list_examples, write_range, write_unlike_periods

_ASKED = (*COUNTS, "period", "industry")


@open_to_anyone("A calculator: it works on the counts in its address and shows nothing of the business.")
def rate_page(request: HttpRequest) -> HttpResponse:
    """`/rate/`: retention from counts alone. The address holds the question, so it can be shared."""
    style = get_style(get_language() or "en")
    asked = any(request.GET.get(name) for name in _ASKED)

    def write(number: int) -> str:
        return format_number(number, style)

    form = RateForm(request.GET if asked else None, write=write)
    valid = asked and form.is_valid()
    context = {
        "form": form,
        "style": style,
        "asked": asked,
        "result": build_result(form.answer, style) if valid and form.answer else None,
        "examples": list_examples(style),
        "formula": f"CRR = (E − N) ÷ S × {format_number(100, style)}",
        "unlike_periods": write_unlike_periods(style),
        "benchmarks": [{"text": write_range(row, style), "source": row.source} for row in list_benchmarks()],
    }
    return render(request, "metrics/rate.html", context)


rate_page.works_without_owner = True  # type: ignore[attr-defined]
