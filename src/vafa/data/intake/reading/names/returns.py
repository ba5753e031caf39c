"""Header names of returns and refunds."""

from .build import build_names
from .orders import NAMES as ORDERS

NAMES = {
    field: names
    for field, names in ORDERS.items()
    if field
    in (
        "order",
        "customer",
        "product",
        "product_name",
        "sku",
        "quantity",
        "currency",
        "name",
        "email",
        "phone",
        "location",
    )
}
_OWN = build_names(
    """
return: return | return id | return no | return number | return code | refund id | refund no | refund number
return: refund | credit note | credit note no | credit note number | credit memo | credit memo no | rma
return: rma no | rma number | reversal id
return: شماره برگشت | شماره مرجوعی | کد مرجوعی | شناسه مرجوعی | شماره برگشتی | شماره فاکتور برگشتی
return: شناسه برگشت | شماره برگشت از فروش | مرجوعی | رقم المرتجع | رقم الإرجاع | معرف الإرجاع
return: رقم الاسترداد | رقم إشعار الدائن | 退货单号 | 退款单号 | 退款编号 | 退货编号 | 售后单号 | 退单号
at: return date | returned at | returned on | refund date | refunded at | refund time | credit note date
at: date returned | date refunded | تاریخ برگشت | تاریخ مرجوعی | تاریخ مرجوع | تاریخ برگشتی | تاریخ بازگشت
at: تاريخ الإرجاع | تاريخ المرتجع | تاريخ الاسترداد | 退货时间 | 退货日期 | 退款时间 | 退款日期
quantity: returned quantity | return quantity | quantity returned | refunded quantity | return qty
quantity: returned qty | تعداد برگشتی | تعداد مرجوعی | الكمية المرتجعة | كمية المرتجع | 退货数量 | 退款数量
amount: refund amount | refunded amount | amount refunded | return amount | return value | credit amount
amount: refund total | مبلغ برگشتی | مبلغ مرجوعی | مبلغ بازگشتی | مبلغ برگشت | مبلغ عودت | مبلغ المرتجع
amount: مبلغ الاسترداد | المبلغ المسترد | 退款金额 | 退货金额 | 退款额
reason: reason | return reason | refund reason | reason for return | cause | علت | دلیل | علت برگشت
reason: دلیل برگشت | علت مرجوعی | دلیل مرجوعی | السبب | سبب الإرجاع | سبب الاسترداد | سبب المرتجع | 原因
reason: 退货原因 | 退款原因
"""
)
for _field in ("return", "at", "quantity", "amount", "reason"):
    NAMES[_field] = _OWN[_field] + ORDERS.get(_field, ())
NAMES["amount"] += ORDERS["whole_order"]
