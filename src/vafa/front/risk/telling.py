"""The reasons of some customers, and what raised the risk of one since it was told before."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from django.utils.translation import gettext as _

from vafa.front.overview.figures import Asker
from vafa.front.risk.outlook import Outlook
from vafa.front.risk.reasons import Reason, list_reasons, name_group
from vafa.front.risk.staying import list_staying
from vafa.kit.locale.formats import Style, format_day
from vafa.predict.models.queries import find_champion, get_question, score
from vafa.predict.models.types import Scores

# A group that moved by less is not worth a word.
LEAST_RISE = 0.1
MOST_NAMED = 3


def find_reasons(asker: Asker, ids: Sequence[int], outlook: Outlook, style: Style) -> dict[int, list[Reason]]:
    """The reasons of each of these customers, by id; of whom nothing is told none."""
    scores = _score(asker, ids, outlook, outlook.as_of)
    if scores is None:
        return {}
    return {
        int(pk): list_reasons(scores, place, style) for place, pk in enumerate(scores.customer_ids.tolist())
    }


def find_both(
    asker: Asker, customer_id: int, outlook: Outlook, style: Style
) -> tuple[list[Reason], list[Reason]]:
    """What speaks for a customer's leaving, and for staying; nothing where nothing is told."""
    scores = _score(asker, [customer_id], outlook, outlook.as_of)
    if scores is None or not len(scores.customer_ids):
        return [], []
    return list_reasons(scores, 0, style), list_staying(scores, 0, style)


def describe_rise(asker: Asker, customer_id: int, before: date, outlook: Outlook, style: Style) -> str:
    """Which groups of reasons push the risk of a customer up more than on an earlier day, the strongest first, both
    told by the present model; "" where none does."""
    now = _score(asker, [customer_id], outlook, outlook.as_of)
    then = _score(asker, [customer_id], outlook, before)
    if now is None or then is None or not len(now.customer_ids) or not len(then.customer_ids):
        return ""
    if now.groups != then.groups:
        return ""
    rise = now.contributions[0] - then.contributions[0]
    names = [
        name_group(now.groups[place])
        for place in np.argsort(-rise, kind="stable").tolist()
        if rise[place] >= LEAST_RISE and now.stable[place]
    ][:MOST_NAMED]
    if not names:
        return ""
    separator = "؛ " if style.is_rtl else "; "
    return _("Up since %(day)s: %(groups)s") % {
        "day": format_day(before, style),
        "groups": separator.join(names),
    }


def _score(asker: Asker, ids: Sequence[int], outlook: Outlook, as_of: date | None) -> Scores | None:
    """The scores of these customers alone as of a day; None where nothing may be told."""
    if not outlook.is_known or as_of is None or not len(ids):
        return None
    numbers = asker.snapshot.list_numbers(list(ids))
    numbers = numbers[numbers >= 0]
    question = get_question(asker.snapshot, outlook.horizon_days)
    if (card := find_champion(question)) is None:
        return None
    # Going through everybody's purchases takes a while, so what was told of a page's customers is kept.
    key = ("scores_of", question, as_of, card.pk, numbers.tobytes())
    scores = asker.keep_for_all(key, lambda: score(asker.snapshot, question, as_of, numbers))
    return None if scores.verdict.level == "refused" else scores
