"""Header names of answers to surveys, as Google Forms, SurveyMonkey, Typeform, Delighted, Zendesk, Porsline and 问卷星
write them, and people's own."""

from .build import build_names
from .person import CONTACT, CUSTOMER_ID

NAMES = build_names(
    CUSTOMER_ID
    + CONTACT
    + """
answer: answer | answer id | response id | respondent id | submission id | response no | response number
answer: survey response id | result id | token | network id | ticket id | id | شناسه پاسخ | کد پاسخ | شماره پاسخ
answer: شناسه پاسخ دهنده | کد پاسخگو | شماره تیکت | شناسه | ردیف | رقم الإجابة | رقم الرد | معرف الاستجابة
answer: رقم الاستجابة | 答卷编号 | 答卷id | 答题序号 | 序号 | 编号 | 作答id
survey: survey | survey name | survey title | form | form name | campaign | collector | questionnaire | نظرسنجی
survey: نام نظرسنجی | عنوان نظرسنجی | پرسشنامه | نام پرسشنامه | فرم | الاستبيان | اسم الاستبيان | الاستطلاع
survey: 问卷 | 问卷名称 | 调查 | 调查名称 | 问卷标题
question: question | question type | question text | metric | survey type | type | نوع پرسش | نوع سوال | سوال
question: پرسش | شاخص | نوع نظرسنجی | السؤال | نوع السؤال | المؤشر | نوع الاستبيان | 问题 | 题目 | 题型 | 指标
score: score | rating | nps score | csat score | ces score | nps | csat | ces | satisfaction score
score: satisfaction rating | satisfaction | effort score | recommendation score | value | result | grade | stars
score: answer value | response value | points | نمره | امتیاز | رتبه | امتیاز رضایت | نمره رضایت | میزان رضایت
score: رضایت | امتیاز مشتری | پاسخ | شاخص رضایت | ستاره | التقييم | الدرجة | درجة الرضا | تقييم | النتيجة
score: درجة التقييم | مستوى الرضا | 评分 | 分数 | 得分 | 打分 | 满意度 | 满意度评分 | nps评分 | 推荐分 | 评价 | 总分
scale: scale | rating scale | scale type | max score | out of | score range | مقیاس | دامنه امتیاز | از چند
scale: المقياس | مقياس التقييم | النطاق | 量表 | 评分范围 | 满分
channel: channel | source | medium | collector type | survey channel | sent via | کانال | روش ارسال | بستر
channel: منبع | القناة | قناة الإرسال | المصدر | 渠道 | 来源 | 发送渠道 | 来源渠道
comment: comment | comments | feedback | reason | open text | additional comments | remarks | verbatim
comment: satisfaction comment | suggestion | suggestions | why | نظر | نظر شما | توضیح | توضیحات | بازخورد
comment: پیشنهاد | پیشنهادها | دلیل | نظر مشتری | متن نظر | تعليق | التعليق | ملاحظات | رأيك | السبب | اقتراحات
comment: 评论 | 意见 | 反馈 | 建议 | 备注 | 评价内容 | 意见和建议
invited_at: invited | asked | asked at
invited_at: invited at | invited on | invitation date | sent at | sent on | date sent | send date | invite date
invited_at: invite sent | survey sent | survey sent at | email sent at | requested at | تاریخ ارسال | زمان ارسال
invited_at: تاریخ دعوت | تاریخ ارسال نظرسنجی | تاريخ الإرسال | تاريخ الدعوة | وقت الإرسال | 发送时间 | 发送日期
invited_at: 邀请时间 | 推送时间
answered_at: answered | responded
answered_at: answered at | answered on | responded at | response date | response time | submitted at
answered_at: submit date | submission date | submitted on | completed at | date submitted | end date | timestamp
answered_at: created at | created | date | rated at | rating date | date created | survey date | start date | at
answered_at: updated at | date time | time | تاریخ پاسخ | زمان پاسخ | تاریخ ثبت | زمان ثبت | تاریخ ثبت پاسخ
answered_at: زمان ثبت پاسخ | تاریخ تکمیل | زمان تکمیل | تاریخ | تاریخ و ساعت | مهر زمان | زمان سنج
answered_at: تاريخ الإجابة | وقت الإجابة | تاريخ الرد | تاريخ التقييم | طابع زمني | التاريخ | تاريخ التقديم
answered_at: 提交答卷时间 | 提交时间 | 答题时间 | 填写时间 | 作答时间 | 时间戳记 | 回答时间 | 评价时间 | 日期 | 时间
name: name | نام | الاسم | اسم
"""
)
