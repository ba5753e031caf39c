"""What others claim of retention's worth: quoted with whoever said it, beside the own figure where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from vafa.front.overview.texts import write_sentence
from vafa.front.what_if.form import Asked
from vafa.front.what_if.own_numbers import Own, OwnName
from vafa.kit.locale.formats import Style, format_money, format_number, format_percent
from vafa.lab.whatif import Change, Course, apply_change, project_course, sum_months

_PARSVT_CRR = "ParsVT CRM, “نرخ حفظ مشتری یا CRR”"
_PARSVT_CHURN = "ParsVT CRM, “نرخ ریزش مشتری چیست؟”"
_JIANDAOYUN = "简道云 (Jiandaoyun CRM)"


@dataclass(frozen=True)
class Claim:
    """A claim in words, who makes it, and what the business's own numbers say of it (None: nothing)."""

    text: str
    source: str
    own: str | None = None


def list_claims(asked: Asked | None, own: Mapping[OwnName, Own], style: Style) -> list[Claim]:
    """The claims of the articles. None of them is Vafa's, and none enters a calculation."""
    claims = [
        Claim(
            _("5 percent more retention raises profit by 25 to 95 percent."), _PARSVT_CRR, _own_points(asked, style)
        ),
        Claim(
            _("Winning a new customer costs five times as much as keeping one."), _PARSVT_CRR, _own_cost(own, style)
        ),
        Claim(_("Keeping a customer costs 5 to 25 times less than winning a new one."), _PARSVT_CHURN),
        Claim(
            _("Winning a new customer costs 6 to 7 times as much as keeping one."),
            _("%(who)s, as %(source)s quotes it") % {"who": "Ali Cudby", "source": _JIANDAOYUN},
        ),
        Claim(
            _("Churn of 5 instead of 10 percent means considerably more revenue, and fewer customers to win anew."),
            _PARSVT_CHURN,
            _own_halved(asked, style),
        ),
        Claim(
            _("Existing customers spend 31 percent more than new ones."),
            _("%(who)s, as %(source)s quotes it") % {"who": "rubygarage", "source": _PARSVT_CRR},
        ),
        Claim(
            _("At a fifth of the cost of winning a customer, existing ones buy with a chance of 60 to 70 percent."),
            _PARSVT_CRR,
        ),
        Claim(_("A lasting customer spends 67 percent more in the third year than in the first."), _PARSVT_CRR),
        Claim(_("70 percent of lasting customers go on buying after a price rise."), _PARSVT_CRR),
        Claim(_("One of every three customers comes back for a second purchase."), _PARSVT_CRR),
    ]  # fmt: skip
    return [
        replace(
            claim,
            text=write_sentence(claim.text, style),
            own=None if claim.own is None else write_sentence(claim.own, style),
        )
        for claim in claims
    ]


def _own_points(asked: Asked | None, style: Style) -> str | None:
    """What five points of yearly retention do to the profit, or the revenue, of the months asked for."""
    if asked is None:
        return None
    changed = apply_change(asked.today, Change(crr_points=0.05, crr_months=12))
    rise = _find_rise(asked.today, changed, asked.months)
    if rise is None:
        return None
    values = {"months": format_number(asked.months, style), "share": format_percent(rise[1], style)}
    if rise[0] == "profit":
        return (
            _("With your numbers: 5 points a year more bring %(share)s more profit over %(months)s months.")
            % values
        )
    return (
        _("With your numbers: 5 points a year more bring %(share)s more revenue over %(months)s months.")
        % values
    )


def _own_halved(asked: Asked | None, style: Style) -> str | None:
    """What a monthly churn of 5 instead of 10 percent does to the revenue of the months asked for."""
    if asked is None or asked.today.revenue is None:
        return None
    high = replace(asked.today, churn_rate=0.10)
    low = replace(asked.today, churn_rate=0.05)
    totals = [sum_months(project_course(course, asked.months)).revenue or 0.0 for course in (high, low)]
    return _(
        "With your number of customers, newcomers and prices: %(amount)s more revenue over %(months)s months, "
        "if the percentages are of a month."
    ) % {
        "amount": format_money(totals[1] - totals[0], style.currency, style, compact=True),
        "months": format_number(asked.months, style),
    }


def _find_rise(today: Course, changed: Course, months: int) -> tuple[str, float] | None:
    before, after = (sum_months(project_course(course, months)) for course in (today, changed))
    for name in ("profit", "revenue"):
        one, other = getattr(before, name), getattr(after, name)
        if one is not None and other is not None and one > 0:
            return name, (other - one) / one
    return None


def _own_cost(own: Mapping[OwnName, Own], style: Style) -> str | None:
    found = own["acquisition_cost"].value
    if found is None:
        return None
    return _(
        "Winning a customer costs you %(amount)s. What keeping one costs is not recorded, so your own ratio is unknown."
    ) % {"amount": format_money(found, style.currency, style, compact=True)}
