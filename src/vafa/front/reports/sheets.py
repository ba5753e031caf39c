"""A whole dashboard as one file: a sheet for each metric in XLSX, one long table in CSV."""

from io import BytesIO
from typing import Any

from django.http import HttpResponse

from vafa.front.overview.exports import TYPES
from vafa.front.overview.figures import Asker
from vafa.front.reports.asking import ask_dashboard
from vafa.front.reports.shown import RAW_COLUMNS, Shown, show_item
from vafa.kit.locale.formats import Style
from vafa.kit.sheets import CsvSheet, Sheet, write_book
from vafa.measure.reports.queries import Dashboard
from vafa.measure.reports.types import Figures

ABOUT_COLUMNS = ("title", "metric", "by", "segment", "rule", "zone", "calendar", "currency", "data_until")


def build_book(dashboard: Dashboard, asker: Asker, style: Style, file_format: str) -> HttpResponse:
    """The file as an answer to be saved."""
    found = [(figures, show_item(figures, style)) for _row, figures in ask_dashboard(asker, dashboard)]
    content = _write_xlsx(found) if file_format == "xlsx" else _write_csv(found)
    response = HttpResponse(content, content_type=TYPES[file_format])
    name = f"vafa-dashboard-{dashboard.pk}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _write_csv(found: list[tuple[Figures, Shown]]) -> bytes:
    target = BytesIO()
    sheet = CsvSheet(target, [*ABOUT_COLUMNS, *RAW_COLUMNS])
    for figures, shown in found:
        about = _describe(figures, shown)
        for row in shown.raw:
            sheet.add([*about, *row])
    content = target.getvalue()
    sheet.close()
    return content


def _write_xlsx(found: list[tuple[Figures, Shown]]) -> bytes:
    """The first sheet says what the others hold, and what each figure rests on."""
    about = [[number, *_describe(*pair)] for number, pair in enumerate(found, start=1)]
    sheets = [Sheet("Contents", ("sheet", *ABOUT_COLUMNS), about)]
    sheets += [
        Sheet(f"{number} {figures.item.metric}", RAW_COLUMNS, shown.raw)
        for number, (figures, shown) in enumerate(found, start=1)
    ]
    target = BytesIO()
    write_book(target, sheets)
    return target.getvalue()


def _describe(figures: Figures, shown: Shown) -> list[Any]:
    item, table = figures.item, figures.table
    return [
        shown.title,
        item.metric,
        item.by or None,
        item.segment or None,
        table.rule.text if table else None,
        table.zone if table else None,
        table.calendar if table else None,
        table.currency if table else None,
        table.data_until if table else None,
    ]
