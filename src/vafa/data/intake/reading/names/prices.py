"""Header names of indexes of prices, as statistical offices publish them."""

from .build import build_names

NAMES = build_names(
    """
month: month | year month | period | ref period | reference period | time period | date | time | observation date
month: ماه | سال و ماه | ماه و سال | دوره | زمان | تاریخ | الشهر | الفترة | التاريخ
month: 月份 | 月 | 年月 | 时间 | 日期 | 时期
year: year | yr | سال | السنة | 年份 | 年
index: index | cpi | price index | consumer price index | cpi index | value | obs value | cpiaucsl
index: all items | index value
index: consumer price index cpi | overall index | general index | total index | شاخص | شاخص قیمت | شاخص کل | عدد شاخص
index: شاخص قیمت مصرف کننده | شاخص بهای کالاها و خدمات مصرفی | شاخص بهای مصرف کننده | شاخص قیمت کالاها و خدمات مصرفی
index: شاخص تورم | مقدار | الرقم القياسي | الرقم القياسي لأسعار المستهلك | مؤشر الأسعار
index: مؤشر أسعار المستهلك | المؤشر | القيمة
index: 指数 | 价格指数 | 居民消费价格指数 | 消费价格指数 | 定基指数 | 数值
"""
)
