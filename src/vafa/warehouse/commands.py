"""`vafa refresh` and `vafa export`."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.data.business.queries import get_business
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.errors import AskedWrongly
from vafa.kit.open_export import export_everything
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs, say
from vafa.lab.errors import LabError
from vafa.lab.rules import ActivityRule, parse_rule
from vafa.warehouse.actions import refresh
from vafa.warehouse.exporting import export_facts, export_spells
from vafa.warehouse.queries import open_snapshot
from vafa.warehouse.snapshot import Snapshot

KINDS = ("facts", "spells", "all")


def register(app: typer.Typer) -> None:
    """Add the commands of the warehouse."""
    app.command("refresh", help="Bring the figures up to date with the records.")(refresh_figures)
    app.command("export", help="Write facts or spells into a Parquet file, or all data into a folder.")(
        export_file
    )


@needs(Permission.IMPORT)
def refresh_figures(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build the copy anew from nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring the figures up to date with the records."""
    result = refresh(now=clock.now(), rebuild=rebuild, say=say)
    document = {
        "seq": result.seq,
        "orders": result.orders,
        "customers": result.customers,
        "changed": result.changed,
        "rebuilt": result.rebuilt,
        "seconds": round(result.seconds, 3),
    }
    answer(document, as_json, _("Up to date: %(orders)s order lines, %(customers)s customers.") % document)


@needs(Permission.EXPORT)
def export_file(
    kind: Annotated[str, typer.Argument(metavar="facts|spells|all", help="What to write.")],
    file: Annotated[Path, typer.Argument(help="The Parquet file, or the folder, to write.")],
    rule: Annotated[str, typer.Option("--rule", help="The activity rule of the spells.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Write facts or spells into a Parquet file for analysis, or all data in open formats into a folder."""
    if kind not in KINDS:
        raise AskedWrongly(
            _("There is no export named %(kind)s.") % {"kind": kind},
            _("Choose one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)},
        )
    path = file.expanduser().resolve()
    if not path.parent.is_dir():
        raise AskedWrongly(_("There is no folder %(folder)s.") % {"folder": path.parent})
    if kind == "all":
        _export_all(path, as_json)
        return
    refresh(now=clock.now())
    snapshot = open_snapshot()
    document: dict[str, object] = {"kind": kind, "file": str(path)}
    if kind == "facts":
        rows = export_facts(snapshot, path)
    else:
        chosen = _choose_rule(snapshot, rule)
        document["rule"] = str(chosen)
        rows = export_spells(snapshot, chosen, path)
    document["rows"] = rows
    said = ngettext("%(rows)s row written to %(file)s", "%(rows)s rows written to %(file)s", rows)
    answer(document, as_json, said % document)


@needs(Permission.MANAGE_STAFF)
def _export_all(folder: Path, as_json: bool) -> None:
    """All tables and files, which is for the owner alone."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AskedWrongly(
            _("There is something at %(path)s already.") % {"path": folder},
            _("Name a folder that is not there yet."),
        )
    folder.mkdir(exist_ok=True, mode=0o700)
    tables = export_everything(folder)
    record("data.exported", by=None, now=clock.now(), tables=len(tables))
    rows = {f"{table.room}/{table.name}": table.rows for table in tables}
    text = _("All data were written to %(folder)s. README.md there tells what is what.") % {"folder": folder}
    answer({"kind": "all", "folder": folder, "rows": sum(rows.values()), "tables": rows}, as_json, text)


def _choose_rule(snapshot: Snapshot, asked: str) -> ActivityRule:
    """The rule that was asked for; else the business's, subscriptions where there are any, or purchases."""
    own = get_business().activity_rule
    standard = "subscription" if snapshot.has_subscriptions else "purchase:auto"
    try:
        rule = parse_rule(asked or own or standard)
    except LabError as error:
        raise AskedWrongly(
            _("There is no activity rule %(rule)s.") % {"rule": asked or own},
            _("Write subscription, subscription+7d, purchase:90d or purchase:auto."),
        ) from error
    if rule.kind == "purchase" and rule.days is None:
        return ActivityRule("purchase", snapshot.learned_window().days)
    return rule
