"""The dictionary's entries of orders and revenue."""

from django.utils.translation import gettext as _

from vafa.measure.metrics.membership_entries import PARSVT_CRR
from vafa.measure.metrics.types import MetricEntry


def list_order_entries() -> list[MetricEntry]:
    """Orders, revenue and what buyers bring, in the active language."""
    return [
        MetricEntry(
            "revenue",
            _("Revenue"),
            _(
                "What the period's sales bring, on the day of the sale; what is corrected or sent back is taken off on "
                "the day on which that happens. Cancelled orders count for nothing. Sales without a customer count."
            ),
            "revenue = Σ sales − Σ returns",
            "money",
            "up",
            _("Common usage: net sales"),
            ("sales", "turnover", "net sales", "درآمد", "فروش", "الإيرادات", "المبيعات", "收入", "销售额"),
            "order",
        ),
        MetricEntry(
            "average_order_value",
            _("Average order value"),
            _(
                "The value of the period's orders for each order. What counts as revenue (discount, tax, "
                "shipping) is a setting. Sales without a customer count; cancelled orders do not."
            ),
            "AOV = Σ order value / orders",
            "money",
            "up",
            _("Common usage; it makes the value behind each purchase visible"),
            ("AOV", "basket", "میانگین ارزش سفارش", "متوسط قيمة الطلب", "客单价"),
            "order",
        ),
        MetricEntry(
            "purchase_frequency",
            _("Purchase frequency"),
            _(
                "The period's orders of known customers for each customer who bought in it. Longer periods hold more "
                "orders: compare periods of one length only."
            ),
            "frequency = orders / buyers",
            "orders",
            "up",
            PARSVT_CRR,
            ("orders per customer", "تناوب خرید", "تعداد خرید هر مشتری", "تكرار الشراء", "购买频次"),
        ),
        MetricEntry(
            "revenue_per_customer",
            _("Revenue per customer"),
            _(
                "The period's revenue from known customers for each customer who bought in it: not for each customer "
                "who was active. It grows with the length of the period."
            ),
            "revenue per customer = revenue / buyers",
            "money",
            "up",
            _("Common usage: average revenue per paying customer (ARPPU)"),
            ("ARPU", "ARPPU", "درآمد هر مشتری", "الإيراد لكل عميل", "客均收入", "ARPU 值"),
        ),
    ]
