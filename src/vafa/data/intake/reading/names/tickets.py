"""Header names of tickets, as Zendesk, Freshdesk, osTicket, HubSpot, Zoho and Jira write them, and people's own."""

from .build import build_names
from .person import CONTACT, CUSTOMER_ID

NAMES = build_names(
    CUSTOMER_ID
    + CONTACT
    + """
customer: requester id | reporter id
name: requester | requester name | reporter | from | کاربر | درخواست کننده | نام درخواست کننده | مقدم الطلب | 请求者
name: 提交人 | 客户
email: requester email | from email | reporter email | ایمیل درخواست کننده | 请求者邮箱
ticket: ticket | ticket id | ticket no | ticket number | case id | case no | case number | request id
ticket: conversation id | issue key | issue id | incident number | id | no | key | شماره تیکت | کد تیکت | شناسه تیکت
ticket: شماره درخواست | شماره پیگیری | کد پیگیری | تیکت | شناسه | رقم التذكرة | رقم الطلب | رقم الحالة | معرف التذكرة
ticket: التذكرة | 工单编号 | 工单号 | 工单id | 案例编号 | 编号 | 工单
subject: subject | ticket subject | title | ticket name | summary | topic | عنوان | موضوع | عنوان تیکت
subject: موضوع تیکت | الموضوع | عنوان التذكرة | العنوان | 主题 | 标题 | 工单标题 | 工单主题
category: category | ticket type | type | ticket category | help topic | issue type | department | group | product
category: pipeline | دسته | دسته بندی | دپارتمان | بخش | گروه | نوع تیکت | واحد | نوع درخواست | الفئة | التصنيف
category: القسم | نوع التذكرة | المجموعة | 分类 | 类别 | 工单类型 | 部门 | 组 | 问题类型
channel: channel | via | source | ticket channel | origin | contact channel | کانال | روش تماس | منبع | القناة | المصدر
channel: قناة التواصل | 渠道 | 来源 | 工单来源
priority: priority | urgency | severity | ticket priority | اولویت | فوریت | درجه اهمیت | الأولوية | أولوية
priority: درجة الأهمية | 优先级 | 紧急程度
status: status | ticket status | current status | state | resolution status | وضعیت | وضعیت تیکت | الحالة
status: حالة التذكرة | 状态 | 工单状态 | 当前状态
agent: agent | assignee | assigned to | agent assigned | ticket owner | owner | handled by | staff | assigned agent
agent: case owner | کارشناس | مسئول | پشتیبان | ارجاع به | پاسخگو | کارشناس پشتیبانی | الموظف | الوكيل | المسؤول
agent: مسند إلى | 客服 | 处理人 | 负责人 | 受理人 | 受理客服
opened_at: opened at | opened on | created at | created time | created | date created | create date | created date
opened_at: created on | open date | date opened | opened | ticket created | created utc | submitted at | ticket date
opened_at: requested at | date | تاریخ ایجاد | زمان ایجاد | تاریخ ثبت | زمان ثبت | تاریخ تیکت | تاریخ ارسال | تاریخ
opened_at: تاریخ ثبت تیکت | تاریخ باز شدن | تاريخ الإنشاء | وقت الإنشاء | تاريخ الفتح | تاريخ التذكرة | التاريخ
opened_at: 创建时间 | 创建日期 | 提交时间 | 建单时间 | 受理时间 | 开始时间
first_response_at: first response at | first reply at | initial response time | first responded at | first replied at
first_response_at: first response date | first reply date | first response | first reply | first agent reply at
first_response_at: first response time | responded at | first agent reply date | زمان اولین پاسخ | تاریخ اولین پاسخ
first_response_at: اولین پاسخ | نخستین پاسخ | تاریخ پاسخ | وقت أول رد | تاريخ أول رد | أول رد | تاريخ الرد الأول
first_response_at: 首次响应时间 | 首次回复时间 | 首响时间 | 首次回复
first_response_after: first reply time in minutes | first response time in hrs | time to first response hh mm ss
first_response_after: time to first response | first reply time | first response time | first reply minutes
first_response_after: first response minutes | first response hours | first response after | time to first reply
first_response_after: first response duration | مدت اولین پاسخ | مدت تا اولین پاسخ | مدت پاسخ | زمان پاسخ اولیه
first_response_after: مدة أول رد | مدة الاستجابة | وقت الاستجابة الأول | 首次响应时长 | 首响时长 | 首次回复时长
solved_at: solved at | resolved at | resolved time | resolved | resolution date | date resolved | solved date | solved
solved_at: resolved on | solved on | date solved | completed at | completed time | resolution time | تاریخ حل
solved_at: زمان حل | تاریخ رفع | تاریخ پایان | تاریخ حل تیکت | تاريخ الحل | وقت الحل | تاريخ المعالجة | 解决时间
solved_at: 解决日期 | 完成时间 | 处理完成时间 | 结束时间
solved_after: full resolution time in minutes | resolution time in hrs | time to close hh mm ss | time to resolution
solved_after: full resolution time | resolution time | time to resolve | time to close | resolution minutes
solved_after: resolution hours | solved after | resolution duration | مدت حل | مدت رسیدگی | مدت زمان حل | مدت رفع
solved_after: مدة الحل | مدة المعالجة | 解决时长 | 处理时长 | 完成时长
closed_at: closed at | closed time | closed | close date | date closed | closed date | closed on | تاریخ بسته شدن
closed_at: زمان بسته شدن | تاریخ بستن | تاريخ الإغلاق | وقت الإغلاق | 关闭时间 | 关闭日期 | 结单时间
reopened: reopened | reopens | reopen count | times reopened | number of reopens | reopen | تعداد بازگشایی
reopened: دفعات بازگشایی | بازگشایی | عدد مرات إعادة الفتح | إعادة الفتح | 重开次数 | 重新打开次数
satisfaction: satisfaction | satisfaction score | satisfaction rating | survey results | rating | csat
satisfaction: customer satisfaction | رضایت | امتیاز رضایت | نظرسنجی | امتیاز | التقييم | رضا العميل | 满意度 | 评价
satisfaction: 客户满意度
name: name | نام | الاسم | اسم
"""
)
