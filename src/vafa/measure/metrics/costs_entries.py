"""The dictionary's entries of lifetime value and acquisition cost."""

from django.utils.translation import gettext as _

from vafa.measure.metrics.membership_entries import PARSVT_CHURN, PARSVT_CRR
from vafa.measure.metrics.types import MetricEntry


def list_cost_entries() -> list[MetricEntry]:
    """Lifetime value, acquisition cost, their quotient and payback, in the active language."""
    return [
        MetricEntry(
            "historical_clv",
            _("Customer lifetime value so far (CLV)"),
            _(
                "The gross margin of all revenue from known customers up to the period's end, for each customer ever "
                "won by then, whether still active or not. It says what was, not what will be: it grows with the age "
                "of the business."
            ),
            "CLV = Σ (revenue × margin) until the end / customers ever won",
            "money",
            "up",
            PARSVT_CRR,
            ("LTV", "lifetime value", "ارزش طول عمر مشتری", "القيمة الدائمة للعميل", "客户终身价值"),
        ),
        MetricEntry(
            "cac",
            _("Customer acquisition cost (CAC)"),
            _(
                "The marketing spend of the period for each customer whose first-ever start lies in it. Spend over "
                "several days counts evenly by day."
            ),
            "CAC = marketing spend / first-time customers",
            "money",
            "down",
            PARSVT_CHURN,
            ("acquisition cost", "هزینهٔ جذب مشتری", "تكلفة اكتساب العميل", "获客成本"),
        ),
        MetricEntry(
            "clv_to_cac",
            _("Lifetime value to acquisition cost"),
            _(
                "How many times over a customer has brought in, as margin and so far, what winning one cost in the "
                "period. Below 1 customers cost more than they have brought yet."
            ),
            "quotient = CLV / CAC",
            "ratio",
            "up",
            _("Common usage: LTV to CAC; 3 is often named as healthy"),
            ("LTV:CAC", "LTV/CAC", "نسبت ارزش به هزینهٔ جذب", "نسبة القيمة إلى التكلفة", "LTV/CAC 比"),
        ),
        MetricEntry(
            "payback_months",
            _("Months to earn back the acquisition cost"),
            _(
                "The acquisition cost of the period over the gross margin that an active customer leaves in a month: "
                "the period's margin over the mean of the customers active at its start and at its end."
            ),
            "payback = CAC / (margin / active customers / months)",
            "months",
            "down",
            _("Common usage: CAC payback period"),
            ("payback", "دورهٔ بازگشت هزینه", "فترة استرداد التكلفة", "回本周期"),
        ),
    ]
