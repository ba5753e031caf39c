"""The dictionary's entries of recurring revenue."""

from django.utils.translation import gettext as _

from vafa.measure.metrics.types import MetricEntry

_CHARTMOGUL = "ChartMogul, “MRR churn”"


def list_recurring_entries() -> list[MetricEntry]:
    """What there is first, then what moved it, then how much of it stays."""
    return [*_build_states(), *_build_moves(), *_build_rates()]


def _build_states() -> list[MetricEntry]:
    return [
        MetricEntry(
            "mrr",
            _("Monthly recurring revenue (MRR)"),
            _(
                "What all running subscriptions bring in a month at the period's end: each price brought to a month. "
                "Days on which a subscription is frozen bring nothing."
            ),
            "MRR = Σ price / months",
            "money",
            "up",
            _CHARTMOGUL,
            ("MRR", "recurring revenue", "درآمد تکرارشوندهٔ ماهانه", "درآمد ماهانهٔ اشتراک", "الإيراد الشهري المتكرر",
             "月度经常性收入"),
        ),
        MetricEntry(
            "arr",
            _("Annual recurring revenue (ARR)"),
            _("Twelve times the monthly recurring revenue at the period's end: what a year like this month brings."),
            "ARR = 12 × MRR",
            "money",
            "up",
            _CHARTMOGUL,
            ("ARR", "annual run rate", "درآمد تکرارشوندهٔ سالانه", "الإيراد السنوي المتكرر", "年度经常性收入"),
        ),
    ]  # fmt: skip


def _build_moves() -> list[MetricEntry]:
    return [
        MetricEntry(
            "mrr_new",
            _("New MRR"),
            _(
                "The MRR at the end of those who had no subscription at the start and became customers for the first "
                "time in this period."
            ),
            "new = Σ MRR(end)",
            "money",
            "up",
            _CHARTMOGUL,
            ("new business MRR", "درآمد ماهانهٔ مشتریان جدید", "الإيراد الشهري من العملاء الجدد", "新增 MRR"),
        ),
        MetricEntry(
            "mrr_expansion",
            _("Expansion MRR"),
            _(
                "By how much the MRR rose of those who had a subscription at the start: a dearer plan, a second "
                "subscription, the end of a freeze."
            ),
            "expansion = Σ max(MRR(end) − MRR(start), 0)",
            "money",
            "up",
            _CHARTMOGUL,
            ("upgrade", "upsell", "رشد درآمد مشتریان فعلی", "توسّع الإيراد الشهري", "扩展 MRR"),
        ),
        MetricEntry(
            "mrr_contraction",
            _("Contraction MRR"),
            _(
                "By how much the MRR fell of those who still have a subscription at the end: a cheaper plan, one of "
                "several subscriptions less, a freeze."
            ),
            "contraction = Σ max(MRR(start) − MRR(end), 0)",
            "money",
            "down",
            _CHARTMOGUL,
            ("downgrade", "کاهش درآمد مشتریان فعلی", "انكماش الإيراد الشهري", "收缩 MRR"),
        ),
        MetricEntry(
            "mrr_churned",
            _("Churned MRR"),
            _("The MRR at the start of those whose last subscription has ended by the period's end."),
            "churned = Σ MRR(start)",
            "money",
            "down",
            _CHARTMOGUL,
            ("lost MRR", "درآمد ماهانهٔ از دست رفته", "الإيراد الشهري المفقود", "流失 MRR"),
        ),
        MetricEntry(
            "mrr_reactivated",
            _("Reactivated MRR"),
            _(
                "The MRR at the end of those who had no subscription at the start, but were customers already before: "
                "they came back."
            ),
            "reactivated = Σ MRR(end)",
            "money",
            "up",
            _CHARTMOGUL,
            (
                "won back MRR",
                "درآمد ماهانهٔ مشتریان بازگشته",
                "الإيراد الشهري من العائدين بعد انقطاع",
                "回流 MRR",
            ),
        ),
    ]


def _build_rates() -> list[MetricEntry]:
    return [
        MetricEntry(
            "gross_revenue_churn",
            _("Gross revenue churn"),
            _("Of the MRR at the start, the share that was lost to those who left and those who pay less."),
            "gross churn = (churned + contraction) / MRR(start)",
            "share",
            "down",
            _CHARTMOGUL,
            (
                "MRR churn",
                "revenue churn",
                "نرخ ریزش درآمد ناخالص",
                "معدل فقدان الإيرادات الإجمالي",
                "毛收入流失率",
            ),
        ),
        MetricEntry(
            "net_revenue_churn",
            _("Net revenue churn"),
            _(
                "What was lost of the MRR at the start, less what the same customers pay more. It is below zero where "
                "they pay more than the others took away. Customers won or won back do not count."
            ),
            "net churn = (churned + contraction − expansion) / MRR(start)",
            "share",
            "down",
            _CHARTMOGUL,
            ("net MRR churn", "نرخ ریزش درآمد خالص", "معدل فقدان الإيرادات الصافي", "净收入流失率"),
        ),
        MetricEntry(
            "grr",
            _("Gross revenue retention (GRR)"),
            _(
                "Of the MRR at the start, the share that the same customers still pay at the end, each counted with at "
                "most what it paid then."
            ),
            "GRR = Σ min(MRR(start), MRR(end)) / MRR(start)",
            "share",
            "up",
            _("Common usage among subscription businesses"),
            ("GRR", "gross retention", "نرخ حفظ درآمد ناخالص", "إجمالي الاحتفاظ بالإيرادات", "毛收入留存率"),
        ),
        MetricEntry(
            "nrr",
            _("Net revenue retention (NRR)"),
            _(
                "The MRR at the end of those who were customers at the start, over what they paid then. Above 100% "
                "they pay more in all than the lost ones took away; with inflation, look at it in real terms."
            ),
            "NRR = MRR(end, of those at the start) / MRR(start)",
            "share",
            "up",
            _("Common usage among subscription businesses"),
            (
                "NRR",
                "NDR",
                "net dollar retention",
                "نرخ حفظ درآمد خالص",
                "صافي الاحتفاظ بالإيرادات",
                "净收入留存率",
            ),
        ),
    ]
