"""Header names of calls, visits, notes, tickets and survey answers."""

from .build import build_names
from .person import CONTACT, CUSTOMER_ID

NAMES = build_names(
    CUSTOMER_ID
    + CONTACT
    + """
interaction: interaction | interaction id | activity id | call id | ticket id | ticket no | ticket number
interaction: event id | case id | case no | case number | note id | visit id | response id | task id
interaction: conversation id | engagement id | record id | id | شماره تیکت | کد تیکت | شناسه تماس
interaction: شماره تماس ثبت شده | شناسه فعالیت | شماره پیگیری | شناسه | رقم التذكرة | معرف التفاعل
interaction: معرف النشاط | رقم النشاط | رقم الحالة | 工单编号 | 工单号 | 互动编号 | 活动编号 | 记录编号
interaction: 跟进编号
kind: kind | type | interaction type | activity type | channel | event type | engagement type | contact type
kind: category | event | نوع | نوع تماس | نوع فعالیت | نوع ارتباط | کانال | نوع تعامل | النوع | نوع التفاعل
kind: نوع النشاط | القناة | نوع التواصل | 类型 | 互动类型 | 活动类型 | 渠道 | 联系方式类型 | 跟进方式
at: at | date | activity date | call date | call time | created at | created time | created | created utc
at: create date | created on | date time | datetime | time | timestamp | start date | start time
at: start date time | date start | due date | visit date | ticket date | submitted at | submission date
at: answered at | تاریخ | زمان | تاریخ تماس | تاریخ فعالیت | تاریخ ثبت | زمان ایجاد | تاریخ مراجعه
at: تاریخ و ساعت | زمان تماس | التاريخ | تاريخ | الوقت | تاريخ الاتصال | تاريخ النشاط | تاريخ التواصل
at: تاريخ الزيارة | تاريخ الإنشاء | 日期 | 时间 | 联系时间 | 通话时间 | 跟进时间 | 创建时间 | 拜访时间
at: 互动时间
text: text | note | notes | description | body | comment | comments | message | content | details | summary
text: feedback | answer | remarks | یادداشت | توضیحات | شرح | متن | پیام | نظر | نتیجه گفتگو | خلاصه
text: ملاحظات | ملاحظة | ملاحظات العميل | الوصف | النص | الرسالة | التفاصيل | تعليق | 内容 | 备注 | 描述
text: 说明 | 留言 | 反馈 | 跟进内容
staff: staff | agent | user | owner | assigned to | assigned user | assignee | sales rep | salesperson
staff: handled by | created by | employee | operator | activity assigned to | contact owner | کارشناس
staff: مسئول | اپراتور | کارمند | ارجاع به | مسئول پیگیری | کاربر | فروشنده | الموظف | المسؤول | المندوب
staff: الوكيل | مسند إلى | 员工 | 负责人 | 客服 | 跟进人 | 销售 | 处理人 | 操作员
subject: subject | title | topic | activity subject | ticket name | headline | موضوع | عنوان | الموضوع
subject: العنوان | عنوان التذكرة | 主题 | 标题 | 工单标题
outcome: outcome | result | status | disposition | call outcome | call status | resolution | state | نتیجه
outcome: نتیجه تماس | وضعیت | وضعیت تماس | النتيجة | نتيجة الاتصال | الحالة | 结果 | 通话结果 | 状态
outcome: 处理结果 | 跟进结果
duration: duration | call duration | length | talk time | duration seconds | duration minutes
duration: duration hours | minutes | مدت | مدت تماس | مدت زمان | مدت مکالمه | المدة | مدة الاتصال
duration: مدة المكالمة | 时长 | 通话时长 | 持续时间
name: name | نام | الاسم | اسم
"""
)
