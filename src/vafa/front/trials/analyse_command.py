"""`vafa trial analyse`: the arms of an outside table compared with its control."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.data.intake.queries import ValueProblem, parse_number
from vafa.front.figures.printing import write_rows
from vafa.front.trials.table_reading import TrialTable, read_trial_table
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import build_default_style, format_number, format_percent
from vafa.kit.locale.letters import fold_key
from vafa.kit.terminal import JsonOption, answer, open_command, say
from vafa.lab.trial_looks import MISMATCH_P, find_ratio_p
from vafa.lab.trial_tables import ArmResult, compare_arms, is_yes_or_no

_STYLE = build_default_style("en")
_BAD_ROWS_SAID = 20


@open_command("It works on the file that it is given and touches no data of the business.")
def analyse(
    file: Annotated[Path, typer.Argument(help="A table with one row a customer: CSV, XLSX or Parquet.")],
    arm: Annotated[str, typer.Option("--arm", help="The column that tells the arm of each.")],
    control: Annotated[str, typer.Option("--control", help="The value in it that means the control.")],
    outcome: Annotated[
        str,
        typer.Option("--outcome", help="The column with the outcome: TRUE or FALSE, 1 or 0, or a number."),
    ],
    shares: Annotated[
        str | None,
        typer.Option("--shares", help="How the arms were dealt: control=10,offer=90. Equally unless said."),
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="The sheet of a workbook.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the arms of a trial in any table with its control, and check that they were dealt as planned."""
    table = read_trial_table(file, arm, outcome, sheet)
    control = _find_arm(control, list(table.values), "--control")
    planned = _read_shares(shares, list(table.values))
    results = compare_arms(table.values, control)
    ratio_p = find_ratio_p(table.count_dealt(), planned)
    _tell_what_is_left_out(table)
    document = build_document(table, results, ratio_p)
    answer(document, as_json, lambda: _write(table, results, ratio_p))


def build_document(table: TrialTable, results: list[ArmResult], ratio_p: float | None) -> dict[str, Any]:
    """The JSON document: `diff` is the mean minus the control's, `low` and `high` end its 95% interval."""
    return {
        "arms": [
            {
                "arm": result.arm,
                "n": result.n,
                "mean": result.mean,
                "diff": None if result.effect is None else result.effect.value,
                "low": None if result.effect is None else result.effect.low,
                "high": None if result.effect is None else result.effect.high,
                "missing": table.missing.get(result.arm, 0),
            }
            for result in results
        ],
        "sample_ratio_p": ratio_p,
        "dealt_as_planned": None if ratio_p is None else ratio_p >= MISMATCH_P,
        "compared_as": "shares" if is_yes_or_no(table.values) else "means",
        "rejected": [{"line": row.line, "message": row.message, "remedy": row.remedy} for row in table.bad],
    }


def _find_arm(asked: str, arms: list[str], option: str) -> str:
    """The arm that is meant, by its name or one that differs in case and forms of letters only."""
    if asked in arms:
        return asked
    alike = [arm for arm in arms if fold_key(arm) == fold_key(asked)]
    if len(alike) == 1:
        return alike[0]
    raise AskedWrongly(
        _("No row is in an arm named “%(arm)s”.") % {"arm": asked},
        _("Name in %(option)s one of: %(arms)s.") % {"option": option, "arms": ", ".join(arms[:20])},
        code="no_such_arm",
        option=option,
    )


def _read_shares(text: str | None, arms: list[str]) -> Mapping[str, float]:
    """The share planned for each arm; equal ones unless said. Raises AskedWrongly unless all arms are named once."""
    if text is None:
        return dict.fromkeys(arms, 1 / len(arms))
    planned: dict[str, float] = {}
    for part in text.replace("،", ",").replace("，", ",").split(","):
        name, equals, number = part.rpartition("=")
        try:
            size = float(parse_number(to_latin_digits(number.strip().rstrip("%٪"))))
        except ValueProblem as problem:
            raise _refuse_shares() from problem
        arm = _find_arm(name.strip(), arms, "--shares") if equals else ""
        if not arm or size <= 0 or arm in planned:
            raise _refuse_shares()
        planned[arm] = size
    if set(planned) != set(arms):
        raise _refuse_shares()
    return planned


def _refuse_shares() -> AskedWrongly:
    return AskedWrongly(
        _("The shares can't be read."),
        _("Name every arm once with a share above zero, such as --shares control=10,offer=90."),
        code="shares_unfit",
        option="--shares",
    )


def _tell_what_is_left_out(table: TrialTable) -> None:
    """Rows that could not be read, and outcomes that are not there, on standard error."""
    for row in table.bad[:_BAD_ROWS_SAID]:
        told = {"line": row.line, "message": row.message, "remedy": row.remedy}
        say(_("Line %(line)s is left out: %(message)s %(remedy)s") % told)
    if len(table.bad) > _BAD_ROWS_SAID:
        more = len(table.bad) - _BAD_ROWS_SAID
        say(
            ngettext("%(count)s more row is left out.", "%(count)s more rows are left out.", more)
            % {"count": more}
        )
    for arm, others in table.spellings.items():
        told = {"others": ", ".join(others), "arm": arm}
        say(_("“%(others)s” is taken for the arm “%(arm)s”.") % told)
    for arm, count in table.missing.items():
        say(
            ngettext(
                "%(count)s customer in “%(arm)s” has no outcome and is left out of its mean.",
                "%(count)s customers in “%(arm)s” have no outcome and are left out of its mean.",
                count,
            )
            % {"count": count, "arm": arm}
        )


def _write(table: TrialTable, results: list[ArmResult], ratio_p: float | None) -> str:
    """The same for people."""
    share = is_yes_or_no(table.values)

    def write(value: float | None) -> str:
        return format_percent(value, _STYLE, 2) if share else format_number(value, _STYLE, 3)

    rows = []
    for result in results:
        effect = result.effect
        told = [_("control"), ""] if result is results[0] else [_("unknown"), ""]
        if effect is not None:
            ends = f"{write(effect.low)} … {write(effect.high)}" if effect.low is not None else _("unknown")
            told = [write(effect.value), ends]
        rows.append([result.arm, format_number(result.n, _STYLE, 0), write(result.mean), *told])
    mean = _("Share") if share else _("Mean")
    lines = [write_rows([_("Arm"), _("Customers"), mean, _("Difference"), _("95% interval")], rows)]
    return "\n".join([*lines, "", *_say_what_it_means(results, ratio_p)])


def _say_what_it_means(results: list[ArmResult], ratio_p: float | None) -> list[str]:
    if ratio_p is not None and ratio_p < MISMATCH_P:
        return [
            _(
                "The arms are not as large as they were meant to be (p = %(p)s), so somebody was left out or put in by "
                "what was done to them. Nothing can be claimed from this trial."
            )
            % {"p": f"{ratio_p:.2g}"}
        ]
    said = []
    for result in results[1:]:
        clear = result.effect.is_clear if result.effect is not None else None
        if clear is None:
            text = _("“%(arm)s”: too few outcomes to compare.")
        elif not clear:
            text = _("“%(arm)s”: no difference from the control is proven; it may be chance.")
        elif result.effect is not None and result.effect.value > 0:
            text = _("“%(arm)s” is above the control by more than chance explains.")
        else:
            text = _("“%(arm)s” is below the control by more than chance explains.")
        said.append(text % {"arm": result.arm})
    return said
