"""The dictionary's entries of what customers say, and the sentences on which a figure rests."""

from django.utils.translation import gettext as _

from vafa.lab.voice import Basis, Scale
from vafa.measure.metrics.types import MetricEntry


def list_voice_entries() -> list[MetricEntry]:
    """Entries in the order in which they are read."""
    return [
        MetricEntry(
            "nps",
            _("Net promoter score (NPS)"),
            _(
                "Of those who answered in the period whether they would recommend you, on a scale of 0 to 10: the "
                "share of 9 and 10 minus the share of 0 to 6. It lies between −100 and 100. An answer of 0 is an "
                "answer."
            ),
            "NPS = (promoters − detractors) / answers",
            "nps",
            "up",
            _("F. Reichheld, “The One Number You Need to Grow”, Harvard Business Review 2003"),
            (
                "NPS",
                "recommend",
                "شاخص خالص ترویج‌کنندگان",
                "امتیاز خالص ترویج‌کنندگان",
                "صافي نقاط الترويج",
                "净推荐值",
            ),
            "answer",
        ),
        MetricEntry(
            "csat",
            _("Customer satisfaction (CSAT)"),
            _(
                "Of those who answered in the period how satisfied they are, the share who are. Which answers count as "
                "satisfied is said with the answers when they are imported."
            ),
            "CSAT = satisfied / answers",
            "share",
            "up",
            _("Common usage; the two best points of the scale are usual"),
            (
                "CSAT",
                "satisfaction",
                "شاخص رضایت مشتری",
                "امتیاز رضایت مشتری",
                "مؤشر رضا العملاء",
                "客户满意度",
            ),
            "answer",
        ),
        MetricEntry(
            "ces",
            _("Customer effort (CES)"),
            _(
                "The mean answer of the period to how easy, or how much effort, something was. Which end of the scale "
                "is good depends on how it is asked, and is said with the answers when they are imported."
            ),
            "CES = Σ score / answers",
            "score",
            "none",
            _("M. Dixon and others, “Stop Trying to Delight Your Customers”, Harvard Business Review 2010"),
            ("CES", "effort", "شاخص تلاش مشتری", "مؤشر جهد العميل", "客户费力度"),
            "answer",
        ),
        MetricEntry(
            "response_rate",
            _("Response rate"),
            _(
                "Of the questions put to customers in the period, by the day of the invitation, the share that has "
                "been answered since. Answers without an invitation are left out. Lately invited ones may still answer."
            ),
            "response rate = answered / invited",
            "share",
            "up",
            _("Common usage; few answers say little of those who did not answer"),
            ("responses", "نرخ پاسخ", "معدل الاستجابة", "معدل الرد", "回复率", "问卷回收率"),
            "answer",
        ),
    ]


def describe_basis(basis: Basis, scales: list[Scale], *, others: bool) -> list[str]:
    """How most answers were asked for and are added up, in sentences; `others` that some were asked otherwise."""
    said = []
    for scale in sorted(set(scales)) if basis.method != "nps" else ():
        text = (
            _("Answers lie on a scale from %(low)s to %(high)s, where a high number is good.")
            if scale.direction == "high"
            else _("Answers lie on a scale from %(low)s to %(high)s, where a low number is good.")
        )
        said.append(text % {"low": scale.low, "high": scale.high})
    told = {
        "top2": _("Those in the two best points of the scale count."),
        "top1": _("Those in the best point of the scale count."),
        "easy": _("Told is the share, from 0 to 1, of answers on the good side of the scale's middle."),
        "position": _(
            "Told is the mean place of the answers on the way from the worst point of the scale to the best."
        ),
    }
    if basis.method in told:
        said.append(told[basis.method])
    return [*said, *([_("Answers that were asked for in another way are told apart.")] if others else [])]
