"""Header names of marketing spend, as advertising platforms export it and people keep it."""

from .build import build_names

NAMES = build_names(
    """
spend_id: spend id | expense id | invoice | invoice id | invoice no | invoice number | id | شماره فاکتور | شماره هزینه
spend_id: شناسه | رقم الفاتورة | معرف | 发票号 | 编号
started_at: from | start | start date | started at | reporting starts | date start | begin | begin date | period start
started_at: از | از تاریخ | شروع | تاریخ شروع | من | من تاريخ | تاريخ البدء | البداية | 开始日期 | 起始日期 | 开始
ended_at: until | to | end | end date | ended at | reporting ends | date stop | date end | period end | تا | تا تاریخ
ended_at: پایان | تاریخ پایان | إلى | إلى تاريخ | تاريخ الانتهاء | النهاية | 结束日期 | 截止日期 | 结束
month: month | period | ماه | دوره | الشهر | الفترة | 月份 | 月
year: year | سال | السنة | 年份 | 年
at: at | date | day | paid on | expense date | تاریخ | روز | التاريخ | اليوم | 日期 | 天
amount: amount | spend | cost | amount spent | ad spend | marketing spend | advertising cost | total cost | total spend
amount: expense | budget spent | media cost | مبلغ | هزینه | هزینه تبلیغات | هزینه بازاریابی
amount: مبلغ هزینه | المبلغ | التكلفة
amount: الإنفاق | تكلفة الإعلان | الإنفاق الإعلاني | المصروف | 金额 | 花费 | 费用 | 消耗 | 广告费 | 营销费用
currency: currency | currency code | ارز | واحد پول | العملة | 币种 | 货币
channel: channel | marketing channel | source | traffic source | platform | network | medium | media | campaign
channel: campaign name | account name | کانال | کانال بازاریابی | رسانه | کمپین | پلتفرم
channel: القناة | المنصة | المصدر | الحملة
channel: اسم الحملة | 渠道 | 平台 | 来源 | 媒体 | 推广计划
location: location | branch | city | region | store | شعبه | شهر | مکان | منطقه | الفرع | المدينة
location: المنطقة | 门店 | 城市 | 地区
"""
)
