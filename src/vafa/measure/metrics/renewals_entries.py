"""The dictionary's entries of renewals and cancellations."""

from django.utils.translation import gettext as _

from vafa.measure.metrics.types import MetricEntry


def list_renewal_entries() -> list[MetricEntry]:
    """By count, by money, and what was cancelled."""
    usage = _("Common usage among clubs, insurers and subscription businesses")
    return [
        MetricEntry(
            "renewal_rate",
            _("Renewal rate"),
            _(
                "Of the subscriptions that came to their end in the period, the share that the same customer went on "
                "with. Those whose grace for a late renewal is not over yet are not counted."
            ),
            "renewal = renewed / due",
            "share",
            "up",
            usage,
            ("renewals", "نرخ تمدید", "تمدید اشتراک", "معدل التجديد", "续约率"),
            "subscription",
        ),
        MetricEntry(
            "renewal_rate_money",
            _("Renewal rate by money"),
            _(
                "What the renewals bring in a month, over what the subscriptions that came to their end brought. It "
                "passes 100% where people renew at a higher price. Both are at the rate of the period's first day."
            ),
            "renewal money = Σ MRR(renewals) / Σ MRR(due)",
            "share",
            "up",
            usage,
            ("renewed revenue", "نرخ تمدید مبلغی", "معدل التجديد بالقيمة", "续费率"),
            "subscription",
        ),
        MetricEntry(
            "cancellation_rate",
            _("Cancellation rate"),
            _(
                "Of the subscriptions that were running when the period began, the share that had ended when it "
                "ended and were not renewed. It counts subscriptions: a customer may cancel one of several."
            ),
            "cancellation = cancelled / running(start)",
            "share",
            "down",
            "ParsVT CRM, “نرخ حفظ مشتری یا CRR”",
            ("cancel rate", "نرخ لغو", "نرخ لغو اشتراک", "معدل إنهاء الاشتراك", "取消率", "解约率"),
            "subscription",
        ),
    ]
