"""Files of lists of customers, written to the disk first, so that a million rows need no memory."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponseBase

from vafa.front.address import get_address
from vafa.front.overview.exports import TYPES
from vafa.front.second_step.confirming import is_confirmed, lead_to_confirmation
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.permissions import Permission, may
from vafa.kit.sheets import CsvSheet, write_xlsx


def build_file(
    request: HttpRequest,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    file_format: str,
    count: int,
) -> HttpResponseBase:
    """The answer that holds the file; who took it, and how many rows, goes into the audit trail. Whoever has not shown
    for a while who they are is asked that first. Raises PermissionDenied for who may not see customers: permission to
    export is also there for figures alone."""
    if not may(request.user, Permission.SEE_CUSTOMERS):
        raise PermissionDenied(Permission.SEE_CUSTOMERS)
    if not is_confirmed(request):
        return lead_to_confirmation(request)
    handle = tempfile.NamedTemporaryFile(prefix="vafa-export-", delete=False)  # noqa: SIM115 - read after this
    handle.close()
    path = Path(handle.name)
    try:
        if file_format == "xlsx":
            write_xlsx(path, name, columns, rows)
        else:
            sheet = CsvSheet(path, columns)
            for row in rows:
                sheet.add(row)
            sheet.close()
        content = path.open("rb")
    finally:
        # What is open stays readable after its name is gone.
        path.unlink()
    record(
        "customers.exported",
        by=request.user,
        now=clock.now(),
        subject=name,
        address=get_address(request),
        rows=count,
        format=file_format,
    )
    return FileResponse(
        content, as_attachment=True, filename=f"vafa-{name}.{file_format}", content_type=TYPES[file_format]
    )
