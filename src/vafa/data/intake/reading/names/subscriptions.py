"""Header names of subscriptions, memberships, contracts and policies."""

from .build import build_names
from .person import CONTACT, CUSTOMER_ID

NAMES = build_names(
    CUSTOMER_ID
    + CONTACT
    + """
subscription: subscription | subscription id | subscription no | subscription number | membership id | contract id | contract no | contract number | policy no | policy number | policy id | enrollment id | enrolment id | service contract no | contract | id | شماره قرارداد | شماره اشتراک | کد اشتراک | شناسه اشتراک | شماره بیمه نامه | کد قرارداد | شناسه قرارداد | شماره ثبت نام | اشتراک | رقم الاشتراك | معرف الاشتراك | رقم العقد | رقم الوثيقة | كود الاشتراك | الاشتراك | 订阅编号 | 订阅id | 合同编号 | 合同号 | 保单号 | 订阅号 | 套餐编号
plan: plan | plan name | product | product name | plan id | membership type | membership | package | subscription plan | tier | price id | price name | service | contract type | tariff plan | course | subscription name | contract | طرح | نوع اشتراک | نام طرح | پلن | بسته | نام بسته | تعرفه | نوع عضویت | نوع قرارداد | دوره | محصول | الباقة | الخطة | نوع الاشتراك | خطة الاشتراك | اسم الباقة | نوع العضوية | المنتج | 套餐 | 套餐名称 | 方案 | 会员类型 | 产品 | 计划 | 订阅计划 | 课程
amount: amount | price | plan amount | mrr | monthly charges | monthly fee | fee | recurring amount | subscription amount | unit amount | charge amount | total | monthly amount | premium | contract value | مبلغ | قیمت | شهریه | حق عضویت | حق اشتراک | مبلغ اشتراک | هزینه ماهانه | هزینه | مبلغ قرارداد | حق بیمه | المبلغ | السعر | الرسوم | قيمة الاشتراك | رسوم الاشتراك | القسط | 金额 | 价格 | 费用 | 月费 | 订阅金额 | 合同金额 | 会费
currency: currency | currency code | plan currency | ارز | واحد پول | العملة | عملة | 币种 | 货币
interval: interval | billing interval | billing period | billing cycle | period | frequency | plan interval | recurrence | renewal period | term | cycle | دوره پرداخت | دوره تمدید | مدت | بازه | دوره اشتراک | تناوب | دوره صورتحساب | الدورة | فترة الاشتراك | دورة الفوترة | المدة | دورية الدفع | 周期 | 计费周期 | 付款周期 | 订阅周期 | 缴费周期
started_at: started at | start date | start utc | start | started | started on | start time | subscription start | subscription start date | contract start | contract start date | membership start | join date | joined | effective date | valid from | from date | from | begin date | enrollment date | created utc | created at | created | created date | date created | current period start utc | تاریخ شروع | شروع | آغاز | تاریخ آغاز | شروع اشتراک | تاریخ شروع اشتراک | شروع قرارداد | تاریخ شروع قرارداد | از تاریخ | تاریخ عضویت | تاریخ ثبت نام | تاریخ فعال سازی | تاريخ البدء | تاريخ البداية | بداية الاشتراك | تاريخ بداية الاشتراك | من تاريخ | تاريخ التفعيل | 开始日期 | 开始时间 | 起始日期 | 生效日期 | 订阅开始 | 开通时间 | 开通日期 | 入会日期
ended_at: ended at utc | ended at | end date | ended | ended on | end | end time | end utc | subscription end | subscription end date | contract end | contract end date | membership end | cancelled at | canceled at | canceled at utc | cancellation date | cancelled on | cancel date | churn date | churned at | expiry date | expires at | expiration date | valid to | valid until | to date | termination date | leave date | تاریخ پایان | پایان | خاتمه | تاریخ خاتمه | پایان اشتراک | تاریخ پایان اشتراک | پایان قرارداد | تاریخ انقضا | انقضا | تا تاریخ | تاریخ لغو | تاریخ انصراف | اعتبار تا | تاريخ الانتهاء | تاريخ النهاية | نهاية الاشتراك | تاريخ نهاية الاشتراك | إلى تاريخ | تاريخ الإلغاء | 结束日期 | 结束时间 | 到期日期 | 到期时间 | 终止日期 | 取消时间 | 取消日期 | 有效期至 | 截止日期
cancel_reason: cancel reason | cancellation reason | reason for leaving | churn reason | reason | cancellation details reason | cancellation feedback | cancellation reason feedback | علت لغو | دلیل لغو | علت انصراف | دلیل انصراف | علت خروج | دلیل خروج | سبب الإلغاء | سبب الالغاء | سبب الإنهاء | 取消原因 | 流失原因 | 退订原因 | 退会原因
status: status | subscription status | state | contract status | membership status | وضعیت | وضعیت اشتراک | وضعیت قرارداد | وضعیت عضویت | الحالة | حالة الاشتراك | حالة العقد | 状态 | 订阅状态 | 合同状态 | 会员状态
name: name | نام | الاسم | اسم
"""
)
