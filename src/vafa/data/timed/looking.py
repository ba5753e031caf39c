"""Looking where files come from, and bringing in what is new. Whatever is cut off is looked at again: a file that is in
already is known by its digest, and one that is half in goes on where it stopped."""

import io
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from vafa.data.intake.actions import (
    ImportRunning,
    check_plan,
    import_file,
    mark_failed,
    read_plan,
    remove_uploaded_file,
    run_import,
    store_upload,
)
from vafa.data.intake.queries import find_options, has_brought
from vafa.data.intake.types import ImportOptions
from vafa.data.timed.models import Timed
from vafa.data.timed.places import list_files
from vafa.kit.errors import VafaError
from vafa.kit.outbound import NotSent, send

LEASE = timedelta(hours=2)
# A file that was written to a moment ago may not be whole yet.
SETTLED = timedelta(seconds=30)
AFTER_FAILURE = timedelta(minutes=15)
WHILE_BUSY = timedelta(minutes=1)
MOST_BYTES = 200 * 1024 * 1024
SECONDS = 600.0

Clock = Callable[[], datetime]


def look_at_all(clock: Clock) -> int:
    """Look at every place that is due; how many."""
    looked = 0
    while (timed := _claim(clock())) is not None:
        looked += 1
        _look(timed, clock)
    return looked


def _list_due(now: datetime) -> QuerySet[Timed]:
    free = Q(claim="") | Q(lease_until__lt=now)
    return Timed.objects.filter(free, is_on=True, next_at__lte=now)


def _claim(now: datetime) -> Timed | None:
    """The next place that is due, now ours. One statement decides between two workers."""
    while (key := _list_due(now).order_by("next_at").values_list("pk", flat=True).first()) is not None:
        claim = secrets.token_hex(16)
        if _list_due(now).filter(pk=key).update(claim=claim, lease_until=now + LEASE):
            return Timed.objects.select_related("by").get(pk=key)
    return None


def _look(timed: Timed, clock: Clock) -> None:
    error, wait = "", timedelta(minutes=timed.every_minutes)
    try:
        if timed.is_address:
            _fetch(timed, clock)
        else:
            _look_into_folder(timed, clock)
    except ImportRunning:
        wait = WHILE_BUSY
    except (VafaError, OSError) as problem:
        error, wait = str(problem)[:500], max(wait, AFTER_FAILURE)
    now = clock()
    Timed.objects.filter(pk=timed.pk, claim=timed.claim).update(
        claim="",
        lease_until=None,
        looked_at=now,
        error=error,
        next_at=now + wait,
        last_digest=timed.last_digest,
        last_import=timed.last_import,
    )


def build_options(timed: Timed) -> ImportOptions:
    """How its files are read: as was said with it, else as the last import of this kind and source was."""
    if timed.options:
        return ImportOptions.from_json(timed.options)
    found = find_options(timed.kind, timed.source_name)
    return found or ImportOptions(timed.kind, timed.source_name)  # type: ignore[arg-type]


def _look_into_folder(timed: Timed, clock: Clock) -> None:
    """Bring in each file that is new; one that can't be read holds no other up, and is told of."""
    problems: list[VafaError] = []
    options = build_options(timed)
    for path in list_files(timed.place):
        if clock().timestamp() - path.stat().st_mtime < SETTLED.total_seconds():
            continue
        if has_brought(options.kind, options.source, path):
            continue
        try:
            timed.last_import = import_file(path, options, by=timed.by, clock=clock).import_id
        except ImportRunning:
            raise
        except VafaError as problem:
            text = _("%(file)s: %(problem)s") % {"file": path.name, "problem": problem}
            problems.append(VafaError(text, code=problem.code))
    if problems:
        raise problems[0]


def _fetch(timed: Timed, clock: Clock) -> None:
    """Ask the address, and bring in its file where it is another than the last."""
    reply = send("GET", timed.place, seconds=SECONDS, most_bytes=MOST_BYTES)
    if not reply.is_good:
        raise NotSent(_("The address answers with %(status)s.") % {"status": reply.status})
    options = build_options(timed)
    name = Path(timed.place.partition("?")[0]).name or "file.csv"
    imported = store_upload(io.BytesIO(reply.body), name, options, by=timed.by, now=clock())
    if imported.file_digest == timed.last_digest:
        remove_uploaded_file(imported)
        imported.delete()
        return
    try:
        plan = read_plan(Path(imported.file_path), options, name)
        check_plan(plan)
        timed.last_import = run_import(imported, plan, clock=clock, by=timed.by).import_id
    except ImportRunning:
        remove_uploaded_file(imported)
        imported.delete()
        raise
    except VafaError as problem:
        mark_failed(imported, problem, clock())
        raise
    timed.last_digest = imported.file_digest
    remove_uploaded_file(imported)
