"""The dictionary of metrics: what each number means, and how it is made.

Letters in formulas: S active at the start, E at the end, K kept, L lost, N new, R reactivated.
"""

from django.utils.translation import gettext as _

from vafa.kit.errors import AskedWrongly
from vafa.measure.metrics.types import MetricEntry

_PARSVT_CRR = "ParsVT CRM, “نرخ حفظ مشتری یا CRR”"
_PARSVT_CHURN = "ParsVT CRM, “نرخ ریزش مشتری چیست؟”"


def list_entries() -> list[MetricEntry]:
    """All metrics in the order in which a newcomer reads them, in the active language."""
    return [*_build_rates(), *_build_counts(), *_build_purchases()]


def list_metric_names() -> list[str]:
    """The names by which metrics are asked for."""
    return [entry.name for entry in list_entries()]


def get_entry(name: str) -> MetricEntry:
    """One metric's entry. Raises AskedWrongly with the list of names when there is none."""
    entries = {entry.name: entry for entry in list_entries()}
    if name not in entries:
        names = list(entries)
        raise AskedWrongly(
            _("There is no metric named “%(name)s”.") % {"name": name},
            _("The metrics are: %(names)s.") % {"names": ", ".join(names)},
            code="metric_unknown",
            names=names,
        )
    return entries[name]


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
            _PARSVT_CRR,
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
            _PARSVT_CHURN,
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
            _PARSVT_CRR,
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
            _PARSVT_CHURN,
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
            _PARSVT_CRR,
            ("S", "CI", "مشتریان ابتدای دوره", "العملاء في البداية", "期初客户数"),
        ),
        MetricEntry(
            "customers_end",
            _("Customers at the end"),
            _("The customers who are active at the midnight that ends the period."),
            "E = K + N + R",
            "customers",
            "up",
            _PARSVT_CRR,
            ("E", "CF", "مشتریان پایان دوره", "العملاء في النهاية", "期末客户数"),
        ),
        MetricEntry(
            "customers_new",
            _("New customers"),
            _("Active at the end, not at the start, and customers for the first time ever in this period."),
            "N = E − K − R",
            "customers",
            "up",
            _PARSVT_CRR,
            ("N", "CN", "acquired", "مشتریان جدید", "العملاء الجدد", "新增客户数"),
        ),
        MetricEntry(
            "customers_kept",
            _("Kept customers"),
            _("Active at the start and still active at the end."),
            "K = S − L = E − N − R",
            "customers",
            "up",
            _PARSVT_CRR,
            ("retained", "مشتریان حفظ‌شده", "العملاء المحتفَظ بهم", "留存客户"),
        ),
        MetricEntry(
            "customers_lost",
            _("Lost customers"),
            _("Active at the start and no longer active at the end. Some may come back later."),
            "L = S − K",
            "customers",
            "down",
            _PARSVT_CHURN,
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


def _build_purchases() -> list[MetricEntry]:
    return [
        MetricEntry(
            "repeat_purchase_rate",
            _("Repeat purchase rate"),
            _("Of the customers who bought in the period, the share who bought on two or more days of it."),
            "repeat = buyers(days ≥ 2) / buyers",
            "share",
            "up",
            _PARSVT_CRR,
            ("repurchase", "نرخ تکرار خرید", "معدل تكرار الشراء", "复购率"),
        ),
        MetricEntry(
            "mean_days_between_purchases",
            _("Mean time between purchases"),
            _(
                "The mean number of days from one purchase day to the same customer's next, both inside the "
                "period. A growing gap is an early sign of leaving. Short periods cannot show long gaps."
            ),
            "gap = Σ(last day − first day) / Σ(purchase days − 1)",
            "days",
            "down",
            _PARSVT_CRR,
            ("gap", "میانگین زمان بین خرید", "متوسط المدة بين عمليات الشراء", "平均购买间隔"),
        ),
        MetricEntry(
            "average_order_value",
            _("Average order value"),
            _(
                "The revenue of the period's orders for each order. What counts as revenue (discount, tax, "
                "shipping) is a setting. Sales without a customer count; cancelled orders do not."
            ),
            "AOV = revenue / orders",
            "money",
            "up",
            _("Common usage; it makes the value behind each purchase visible"),
            ("AOV", "basket", "میانگین ارزش سفارش", "متوسط قيمة الطلب", "客单价"),
        ),
    ]
