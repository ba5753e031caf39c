"""Header names of subscriptions, memberships, contracts and policies."""

from .build import build_names
from .person import CONTACT, CUSTOMER_ID

NAMES = build_names(
    CUSTOMER_ID
    + CONTACT
    + """
subscription: subscription | subscription id | subscription no | subscription number | membership id
subscription: contract id | contract no | contract number | policy no | policy number | policy id
subscription: enrollment id | enrolment id | service contract no | contract | id | شماره قرارداد
subscription: شماره اشتراک | کد اشتراک | شناسه اشتراک | شماره بیمه نامه | کد قرارداد | شناسه قرارداد
subscription: شماره ثبت نام | اشتراک | رقم الاشتراك | معرف الاشتراك | رقم العقد | رقم الوثيقة | كود الاشتراك
subscription: الاشتراك | 订阅编号 | 订阅id | 合同编号 | 合同号 | 保单号 | 订阅号 | 套餐编号
plan: plan | plan name | product | product name | plan id | membership type | membership | package
plan: subscription plan | tier | price id | price name | service | contract type | tariff plan | course
plan: subscription name | contract | طرح | نوع اشتراک | نام طرح | پلن | بسته | نام بسته | تعرفه | نوع عضویت
plan: نوع قرارداد | دوره | محصول | الباقة | الخطة | نوع الاشتراك | خطة الاشتراك | اسم الباقة | نوع العضوية
plan: المنتج | 套餐 | 套餐名称 | 方案 | 会员类型 | 产品 | 计划 | 订阅计划 | 课程
amount: amount | price | plan amount | mrr | monthly charges | monthly fee | fee | recurring amount
amount: subscription amount | unit amount | charge amount | total | monthly amount | premium
amount: contract value | مبلغ | قیمت | شهریه | حق عضویت | حق اشتراک | مبلغ اشتراک | هزینه ماهانه | هزینه
amount: مبلغ قرارداد | حق بیمه | المبلغ | السعر | الرسوم | قيمة الاشتراك | رسوم الاشتراك | القسط | 金额
amount: 价格 | 费用 | 月费 | 订阅金额 | 合同金额 | 会费
currency: currency | currency code | plan currency | ارز | واحد پول | العملة | عملة | 币种 | 货币
interval: interval | billing interval | billing period | billing cycle | period | frequency | plan interval
interval: recurrence | renewal period | term | cycle | دوره پرداخت | دوره تمدید | مدت | بازه | دوره اشتراک
interval: تناوب | دوره صورتحساب | الدورة | فترة الاشتراك | دورة الفوترة | المدة | دورية الدفع | 周期
interval: 计费周期 | 付款周期 | 订阅周期 | 缴费周期
started_at: started at | start date | start utc | start | started | started on | start time
started_at: subscription start | subscription start date | contract start | contract start date
started_at: membership start | join date | joined | effective date | valid from | from date | from
started_at: begin date | enrollment date | created utc | created at | created | created date | date created
started_at: current period start utc | تاریخ شروع | شروع | آغاز | تاریخ آغاز | شروع اشتراک
started_at: تاریخ شروع اشتراک | شروع قرارداد | تاریخ شروع قرارداد | از تاریخ | تاریخ عضویت | تاریخ ثبت نام
started_at: تاریخ فعال سازی | تاريخ البدء | تاريخ البداية | بداية الاشتراك | تاريخ بداية الاشتراك | من تاريخ
started_at: تاريخ التفعيل | 开始日期 | 开始时间 | 起始日期 | 生效日期 | 订阅开始 | 开通时间 | 开通日期
started_at: 入会日期
ended_at: ended at utc | ended at | end date | ended | ended on | end | end time | end utc
ended_at: subscription end | subscription end date | contract end | contract end date | membership end
ended_at: cancelled at | canceled at | canceled at utc | cancellation date | cancelled on | cancel date
ended_at: churn date | churned at | expiry date | expires at | expiration date | valid to | valid until
ended_at: to date | termination date | leave date | تاریخ پایان | پایان | خاتمه | تاریخ خاتمه | پایان اشتراک
ended_at: تاریخ پایان اشتراک | پایان قرارداد | تاریخ انقضا | انقضا | تا تاریخ | تاریخ لغو | تاریخ انصراف
ended_at: اعتبار تا | تاريخ الانتهاء | تاريخ النهاية | نهاية الاشتراك | تاريخ نهاية الاشتراك | إلى تاريخ
ended_at: تاريخ الإلغاء | 结束日期 | 结束时间 | 到期日期 | 到期时间 | 终止日期 | 取消时间 | 取消日期
ended_at: 有效期至 | 截止日期
cancel_reason: cancel reason | cancellation reason | reason for leaving | churn reason | reason
cancel_reason: cancellation details reason | cancellation feedback | cancellation reason feedback | علت لغو
cancel_reason: دلیل لغو | علت انصراف | دلیل انصراف | علت خروج | دلیل خروج | سبب الإلغاء | سبب الالغاء
cancel_reason: سبب الإنهاء | 取消原因 | 流失原因 | 退订原因 | 退会原因
frozen_from: frozen from | freeze start | freeze start date | freeze from | frozen on | paused from
frozen_from: pause start | pause start date | paused at | paused on | hold start | hold start date | suspended from
frozen_from: suspended at | suspension start | شروع توقف | شروع فریز | تاریخ شروع فریز | تاریخ فریز | توقف از
frozen_from: تاریخ شروع توقف | تاریخ توقف | فریز از | بداية التجميد | تاريخ بداية التجميد | تاريخ التجميد | مجمد من
frozen_from: 停卡开始 | 停卡开始日期 | 停卡日期 | 停卡时间 | 暂停开始 | 暂停开始日期 | 暂停日期
frozen_from: 冻结开始日期 | 冻结日期
frozen_until: frozen until | freeze end | freeze end date | freeze until | frozen to | paused until | pause end
frozen_until: pause end date | resume date | resumes at | resumed at | resume on | pause collection resumes at utc
frozen_until: hold end | hold end date | suspended until | suspension end | پایان توقف | پایان فریز | توقف تا
frozen_until: تاریخ پایان فریز | تاریخ پایان توقف | فریز تا | نهاية التجميد | تاريخ نهاية التجميد | مجمد حتى
frozen_until: تاريخ الاستئناف | 停卡结束 | 停卡结束日期 | 暂停结束 | 暂停结束日期
frozen_until: 恢复日期 | 复卡日期 | 解冻日期 | 冻结结束日期
sessions: sessions | sessions bought | session count | number of sessions | total sessions | classes
sessions: total classes | visits included | visits bought | pack size | credits | تعداد جلسات | جلسات | تعداد جلسه
sessions: کل جلسات | جلسات خریداری شده | عدد الحصص | عدد الجلسات | الحصص | الجلسات | 课时
sessions: 课时数 | 总课时 | 次数 | 总次数 | 购买次数 | 购买课时
sessions_used: sessions used | used sessions | sessions attended | classes used | classes attended | visits used
sessions_used: credits used | attended | جلسات استفاده شده | جلسات مصرف شده | جلسات رفته | تعداد جلسات استفاده شده
sessions_used: الحصص المستخدمة | الجلسات المستخدمة | 已用次数 | 已用课时 | 已上课时 | 已消课时 | 使用次数
sessions_left: sessions left | remaining sessions | sessions remaining | classes left | remaining classes | visits left
sessions_left: remaining visits | credits left | remaining credits | جلسات باقیمانده | جلسات باقی مانده | مانده جلسات
sessions_left: تعداد جلسات باقیمانده | الحصص المتبقية | الجلسات المتبقية | 剩余次数 | 剩余课时 | 剩余课次
last_visit: last visit | last visit date | last visited | last attended | last attendance | last check in | last class
last_visit: last checkin | last visit at | last session | آخرین مراجعه | آخرین حضور | تاریخ آخرین حضور | آخرین جلسه
last_visit: تاریخ آخرین مراجعه | آخرین ورود | آخر زيارة | تاريخ آخر زيارة | آخر حضور | آخر حصة | 最近到店 | 最近到访
last_visit: 最后到店日期 | 最后到访日期 | 上次到店日期 | 最近上课日期 | 最近到店日期 | 最近消课日期
status: status | subscription status | state | contract status | membership status | وضعیت | وضعیت اشتراک
status: وضعیت قرارداد | وضعیت عضویت | الحالة | حالة الاشتراك | حالة العقد | 状态 | 订阅状态 | 合同状态
status: 会员状态
name: name | نام | الاسم | اسم
"""
)
