"""The dictionary's entries of how long customers stay."""

from django.utils.translation import gettext as _

from vafa.measure.metrics.types import MetricEntry

_KAPLAN_MEIER = "E. L. Kaplan, P. Meier (1958), “Nonparametric estimation from incomplete observations”"


def list_lifetime_entries() -> list[MetricEntry]:
    """Survival first, then what it is read beside."""
    return [*_build_survival(), *_build_others()]


def _build_survival() -> list[MetricEntry]:
    return [
        MetricEntry(
            "survival_rate",
            _("Survival rate"),
            _(
                "The share of customers who are still in their first time as a customer so many months after its "
                "start (Kaplan-Meier). It rests on all who began before the period ends, as known then; who is still "
                "there counts as far as they were seen. The interval is Greenwood's, on the log(-log) scale."
            ),
            "survival(t) = Π (1 − left at x / there until x), x ≤ t",
            "share",
            "up",
            _KAPLAN_MEIER,
            ("survival", "Kaplan-Meier", "نرخ بقا", "تابع بقا", "معدل البقاء", "生存率", "留存曲线"),
        ),
        MetricEntry(
            "median_lifetime",
            _("Median customer lifetime"),
            _(
                "The number of days after which half of the customers have ended their first time as a customer "
                "(Kaplan-Meier, over all who began before the period ends). There is none while more than half of "
                "them are still there."
            ),
            "survival(median) = 1/2",
            "days",
            "up",
            _KAPLAN_MEIER,
            ("lifetime", "median survival", "میانهٔ طول عمر مشتری", "وسيط عمر العميل", "客户生命周期中位数"),
        ),
    ]


def _build_others() -> list[MetricEntry]:
    return [
        MetricEntry(
            "active_share_by_tenure",
            _("Share still active by tenure"),
            _(
                "Of the customers whose first start lies so many whole months before the period's end, the share who "
                "are active at it, whether they stayed or came back."
            ),
            "share(m) = active(m) / customers(m)",
            "share",
            "up",
            _("Vafa's own: the state of each age of customer at one moment"),
            ("tenure", "seniority", "سابقهٔ مشتری", "مدت مشتری بودن", "أقدمية العملاء", "客龄活跃率"),
        ),
        MetricEntry(
            "early_churn_rate",
            _("Early churn rate"),
            _(
                "Of the customers who first came in the period, the share who left within their first periods. Each "
                "one's own time counts from the first day; whose first periods are not over yet stays out."
            ),
            "early churn = left within the first n / newcomers whose n are over",
            "share",
            "down",
            _("Common usage; it tells whether newcomers were won for good"),
            ("new customer churn", "ریزش زودهنگام", "الفقدان المبكر للعملاء", "早期流失率", "新客流失率"),
        ),
    ]
