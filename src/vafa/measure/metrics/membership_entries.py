"""The dictionary's entries of membership.

Letters in formulas: S active at the start, E at the end, K kept, L lost, N new, R reactivated.
"""

from django.utils.translation import gettext as _

from vafa.measure.metrics.types import MetricEntry

PARSVT_CRR = "ParsVT CRM, “نرخ حفظ مشتری یا CRR”"
PARSVT_CHURN = "ParsVT CRM, “نرخ ریزش مشتری چیست؟”"


def list_membership_entries() -> list[MetricEntry]:
    """Rates first, then the counts behind them."""
    return [*_build_rates(), *_build_counts()]


def _build_rates() -> list[MetricEntry]:
    return [
        MetricEntry(
            "crr",
            _("Customer retention rate (CRR)"),
            _(
                "Of the customers who were active when the period began, the share who were still active "
                "when it ended. Customers won or won back in between do not count."
            ),
            "CRR = K / S = (E − N − R) / S",
            "share",
            "up",
            PARSVT_CRR,
            ("retention", "CRR", "نرخ نگهداشت مشتری", "نرخ وفاداری", "客户保留率", "留存率", "الاحتفاظ"),
        ),
        MetricEntry(
            "churn_rate",
            _("Churn rate"),
            _(
                "Of the customers who were active when the period began, the share who were no longer active "
                "when it ended. It is 1 minus the retention rate of the same period and rule."
            ),
            "churn = L / S = 1 − CRR",
            "share",
            "down",
            PARSVT_CHURN,
            ("churn", "attrition", "CCR", "ریزش", "معدل تسرب العملاء", "流失率"),
        ),
        MetricEntry(
            "net_change_rate",
            _("Net change"),
            _(
                "How much the number of active customers grew or shrank over the period. It hides how many "
                "left and how many came: read it beside the churn rate, never instead of it."
            ),
            "net = (E − S) / S",
            "share",
            "up",
            PARSVT_CRR,
            ("net change", "net churn", "تغییر خالص", "صافي التغيّر", "净变化"),
        ),
        MetricEntry(
            "growth_rate",
            _("Growth rate"),
            _(
                "The customers won and won back in the period, for each customer at its start. Together with "
                "churn it makes the net change."
            ),
            "growth = (N + R) / S",
            "share",
            "up",
            PARSVT_CHURN,
            ("growth", "نرخ رشد", "معدل النمو", "增长率"),
        ),
    ]


def _build_counts() -> list[MetricEntry]:
    return [
        MetricEntry(
            "customers_start",
            _("Customers at the start"),
            _("The customers who are active at the midnight that begins the period."),
            "S = K + L",
            "customers",
            "up",
            PARSVT_CRR,
            ("S", "CI", "مشتریان ابتدای دوره", "العملاء في البداية", "期初客户数"),
        ),
        MetricEntry(
            "customers_end",
            _("Customers at the end"),
            _("The customers who are active at the midnight that ends the period."),
            "E = K + N + R",
            "customers",
            "up",
            PARSVT_CRR,
            ("E", "CF", "مشتریان پایان دوره", "العملاء في النهاية", "期末客户数"),
        ),
        MetricEntry(
            "customers_new",
            _("New customers"),
            _("Active at the end, not at the start, and customers for the first time ever in this period."),
            "N = E − K − R",
            "customers",
            "up",
            PARSVT_CRR,
            ("N", "CN", "acquired", "مشتریان جدید", "العملاء الجدد", "新增客户数"),
        ),
        MetricEntry(
            "customers_kept",
            _("Kept customers"),
            _("Active at the start and still active at the end."),
            "K = S − L = E − N − R",
            "customers",
            "up",
            PARSVT_CRR,
            ("retained", "مشتریان حفظ‌شده", "العملاء المحتفَظ بهم", "留存客户"),
        ),
        MetricEntry(
            "customers_lost",
            _("Lost customers"),
            _("Active at the start and no longer active at the end. Some may come back later."),
            "L = S − K",
            "customers",
            "down",
            PARSVT_CHURN,
            ("churned", "left", "مشتریان از دست رفته", "العملاء المفقودون", "流失客户"),
        ),
        MetricEntry(
            "customers_reactivated",
            _("Reactivated customers"),
            _("Active at the end, not at the start, but customers already before: they came back."),
            "R = E − K − N",
            "customers",
            "up",
            _("Vafa's own: the articles' formula counts them as if they had stayed"),
            ("won back", "returned", "مشتریان بازگشته", "العملاء العائدون بعد انقطاع", "回流客户"),
        ),
    ]
