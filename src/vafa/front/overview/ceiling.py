"""The sentence under the growth chart: the number of customers towards which the business tends at this pace."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.front.overview.figures import Asker
from vafa.front.overview.question import Question
from vafa.front.overview.texts import write_sentence
from vafa.kit.locale.formats import Style, format_number, format_percent
from vafa.measure.metrics.queries import GrowthPoint, explain_reason, get_entry, get_growth_and_ceiling


@dataclass(frozen=True)
class CeilingNote:
    """A value with its sentences; `value` is None where nobody was lost."""

    title: str
    value: str | None
    sentences: tuple[str, ...]
    hint: str
    definition_url: str


def build_ceiling_note(asker: Asker, question: Question, style: Style) -> CeilingNote | None:
    """What the question's period says of it; None where nothing is known of the period."""
    if question.period is None:
        return None
    points = get_growth_and_ceiling(
        start=question.period.start,
        end=question.period.end,
        rule=question.rule,
        visible=asker.visible,
        snapshot=asker.snapshot,
    )
    if not points:
        return None
    point, entry = points[0], get_entry("growth_ceiling")
    said = (
        _tell(point, style) if point.ceiling is not None else [explain_reason(point.reason or "nobody_lost")]
    )
    return CeilingNote(
        title=entry.title,
        value=None if point.ceiling is None else format_number(round(point.ceiling), style),
        sentences=tuple(write_sentence(sentence, style) for sentence in said),
        hint=write_sentence(entry.meaning, style),
        definition_url=reverse("metric", args=[entry.name]),
    )


def _tell(point: GrowthPoint, style: Style) -> list[str]:
    """Where the pace leads, with and without those who come back, and what that means today."""
    said = [
        ngettext(
            "With %(count)s new customer in the period and a churn rate of %(churn)s, the number of customers tends "
            "towards this, whatever it is now.",
            "With %(count)s new customers in the period and a churn rate of %(churn)s, the number of customers tends "
            "towards this, whatever it is now.",
            point.new,
        )
        % {"count": format_number(point.new, style), "churn": format_percent(point.churn, style)}
    ]
    leads_to = point.ceiling or 0
    if point.with_reactivated is not None and point.reactivated:
        leads_to = point.with_reactivated
        said.append(
            _("If as many come back as did in this period, it is %(ceiling)s.")
            % {"ceiling": format_number(round(leads_to), style)}
        )
    now = format_number(point.customers_end, style)
    if leads_to < point.customers_end:
        said.append(
            _("At the end of the period there are %(now)s: at this pace the business shrinks.") % {"now": now}
        )
    else:
        said.append(_("At the end of the period there are %(now)s: there is room to grow.") % {"now": now})
    return said
