"""Whether an order's status means that the order counts as a sale. Pure."""

from __future__ import annotations

from typing import Literal

from .text import fold_label

Counting = Literal["counts", "not"]

_COUNTS = """
paid | completed | complete | processing | fulfilled | shipped | delivered | closed | done | success
successful | succeeded | captured | approved | confirmed | invoiced | active | sale | sales order | locked
posted | closed won | won | partially paid | partially refunded | partially fulfilled | authorized
accepted | in payment | wc completed | wc processing | received | settled | finished | created invoice
collected | sent
تکمیل شده | تکمیل | پرداخت شده | پرداخت موفق | موفق | در حال انجام | در حال پردازش | ارسال شده | تحویل شده
تحویل داده شده | تایید شده | تأیید شده | تسویه شده | نهایی | نهایی شده | انجام شده | فروش | قطعی
در حال ارسال | آماده ارسال | فاکتور شده | وصول شده
مدفوع | مدفوعة | تم الدفع | مكتمل | مكتملة | تم التوصيل | تم التسليم | قيد التنفيذ | قيد المعالجة | ناجح
ناجحة | تم الشحن | مؤكد | مؤكدة | منفذ | منفذة | تم التنفيذ | مسدد | جاري الشحن | جاري التجهيز
已完成 | 已付款 | 已支付 | 支付成功 | 交易成功 | 交易完成 | 完成 | 已发货 | 已签收 | 已收货 | 待发货
买家已付款 | 卖家已发货 | 成功 | 处理中 | 已确认 | 等待卖家发货 | 等待买家确认收货 | 部分退款 | 已成交
配送中
"""
_NOT = """
failed | unpaid | pending | pending payment | cancelled | canceled | voided | void | refunded | expired
on hold | draft | quotation | quotation sent | quote | declined | rejected | abandoned | trash | deleted
error | payment failed | awaiting payment | incomplete | open | checkout draft | wc cancelled | wc failed
wc pending | wc refunded | wc on hold | lost | closed lost | returned | not paid | overdue
requires payment method | disputed | blocked | auto created | credit invoice | fraud | test
payment error | requires action | uncollectible
لغو شده | لغو | کنسل | کنسل شده | ناموفق | پرداخت نشده | در انتظار پرداخت | در انتظار | در انتظار بررسی
معلق | مرجوع | مرجوعی | مرجوع شده | برگشتی | برگشت خورده | مسترد شده | مسترد | رد شده | منقضی | منقضی شده
پیش نویس | پیش فاکتور | باطل | ابطال شده | باطل شده | حذف شده | رها شده | در انتظار تایید | پرداخت ناموفق
عودت داده شده | بازپرداخت شده
غير مدفوع | غير مدفوعة | ملغي | ملغى | ملغاة | ملغية | تم الإلغاء | فشل | فاشل | فاشلة | معلق | معلقة
قيد الانتظار | في انتظار الدفع | بانتظار الدفع | مسترد | مسترجع | مستردة | مرتجع | تم الاسترداد | مرفوض
مرفوضة | منتهي | مسودة | متروك | متروكة
已取消 | 取消 | 未付款 | 待付款 | 待支付 | 未支付 | 交易关闭 | 已关闭 | 关闭 | 退款成功 | 已退款 | 退款
支付失败 | 失败 | 等待买家付款 | 已退货 | 作废 | 已作废 | 无效 | 草稿 | 待确认 | 已拒绝 | 退货 | 已过期
"""


def _build(text: str) -> frozenset[str]:
    return frozenset(fold_label(word) for word in text.replace("\n", "|").split("|") if word.strip())


_COUNTING, _NOT_COUNTING = _build(_COUNTS), _build(_NOT)


def guess_status(value: str) -> Counting | None:
    """`counts` for paid and completed orders, `not` for failed, unpaid, cancelled and wholly refunded ones, None for
    a word that is not known (the person decides). A partial refund counts: its return is told elsewhere."""
    word = fold_label(value)
    if word in _COUNTING:
        return "counts"
    return "not" if word in _NOT_COUNTING else None
