"""Files of exactly what the overview shows: plain numbers, ISO days."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from vafa.front.overview.figures import Figure
from vafa.kit.permissions import Permission, may
from vafa.kit.sheets import CsvSheet, write_xlsx

FORMATS = ("csv", "xlsx")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def list_downloads(request: HttpRequest, url_name: str, *args: object) -> list[tuple[str, str]]:
    """The formats of a table's file, each with its address; none for who may export nothing."""
    if not may(request.user, Permission.EXPORT):
        return []
    return [(name, reverse(url_name, args=[*args, name])) for name in FORMATS]


def build_sheet(
    name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], file_format: str
) -> HttpResponse:
    """A CSV or XLSX file as an answer to be saved. Raises Http404 for any other format."""
    if file_format not in FORMATS:
        raise Http404
    target = BytesIO()
    if file_format == "xlsx":
        write_xlsx(target, name, columns, rows)
        content = target.getvalue()
    else:
        sheet = CsvSheet(target, columns)
        for row in rows:
            sheet.add(row)
        content = target.getvalue()
        sheet.close()
    response = HttpResponse(content, content_type=TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="vafa-{name}.{file_format}"'
    return response


FIGURE_COLUMNS = (
    "metric", "from", "to", "value", "low", "high", "complete", "reason", "previous_from", "previous_value",
)  # fmt: skip


def list_figure_rows(figures: Sequence[Figure]) -> list[list[Any]]:
    """The cards as rows of a file."""
    rows: list[list[Any]] = []
    for figure in figures:
        now, before = figure.now, figure.before
        if now is None:
            continue
        rows.append(
            [
                figure.table.metric, now.start, now.end, now.value, now.low, now.high, now.complete, now.reason,
                before.start if before else None, before.value if before else None,
            ]
        )  # fmt: skip
    return rows
