"""Header names of customer lists: Shopify, WooCommerce, Stripe, HubSpot, Odoo, vtiger and ParsVT, and people's own."""

from .build import build_names
from .person import CONTACT, CUSTOMER_ID

NAMES = build_names(
    CUSTOMER_ID
    + """
customer: id | record id | record id contact | external id | code | no | شناسه | کد | شماره | ردیف مشتری
customer: شماره سازمان | شماره شخص | معرف | الرقم | الكود | 编号 | 卡号
"""
    + CONTACT
    + """
name: name | نام | الاسم | اسم | 名称 | 名字
title: title | salutation | prefix | honorific | عنوان | لقب | اللقب الشرفي | 称谓 | 称呼 | 尊称
birthday: birthday | birth date | birthdate | date of birth | dob | born | born on | تاریخ تولد | تولد
birthday: تاریخ ولادت | زادروز | تاريخ الميلاد | الميلاد | تاريخ الولادة | 生日 | 出生日期 | 出生年月
location: location | branch | store | shop | outlet | club | gym | campus | clinic | شعبه | فروشگاه | باشگاه
location: محل | نمایندگی | الفرع | فرع | المتجر | الموقع | 门店 | 分店 | 店铺 | 网点
joined_at: joined at | joined | joined on | join date | date joined | joining date | created at | created
joined_at: created utc | created date | created time | create date | created on | registered at | registered
joined_at: registration date | registered on | signup date | sign up date | sign up | signed up
joined_at: member since | customer since | first seen | first order date | date registered | date created
joined_at: start date | enrollment date
joined_at: تاریخ عضویت | تاریخ ثبت نام | تاریخ ثبت | زمان ثبت نام | تاریخ ایجاد | زمان ایجاد | تاریخ پیوستن
joined_at: تاریخ شروع عضویت | عضویت از | تاریخ اشتراک
joined_at: تاريخ التسجيل | تاريخ الانضمام | تاريخ الاشتراك | تاريخ العضوية | تاريخ الإنشاء | تاريخ الانشاء
joined_at: 注册时间 | 注册日期 | 加入时间 | 入会时间 | 入会日期 | 加入日期 | 创建时间 | 创建日期 | 开卡日期
consent_email: consent email | email consent | email marketing consent | accepts email marketing
consent_email: email opt in | opted in to email | email marketing opt in | رضایت ایمیل | اجازه ارسال ایمیل
consent_email: رضایت دریافت ایمیل | الموافقة على البريد الإلكتروني | موافقة البريد الإلكتروني | 同意邮件营销
consent_email: 同意接收邮件
consent_sms: consent sms | sms consent | sms marketing consent | accepts sms marketing | sms opt in
consent_sms: opted in to sms | رضایت پیامک | اجازه ارسال پیامک | رضایت دریافت پیامک
consent_sms: الموافقة على الرسائل القصيرة | موافقة الرسائل القصيرة | 同意短信营销 | 同意接收短信
company: company | company name | organization | organisation | organization name | default address company
company: related company | business name | associated company | member of | شرکت | نام شرکت | سازمان
company: نام سازمان | الشركة | اسم الشركة | المؤسسة | 公司 | 公司名称 | 单位 | 企业名称
gender: gender | sex | جنسیت | جنس | الجنس | النوع | 性别
city: city | default address city | billing city | city billing | town | mailing city | شهر | شهرستان
city: المدينة | مدينة | 城市 | 所在城市 | 市
country: country | country region | default address country code | billing country | country code
country: country code billing | mailing country | کشور | الدولة | البلد | دولة | 国家 | 国家地区
tags: tags | tag | labels | groups | customer group | customer groups | segment | category | برچسب
tags: برچسب ها | گروه | گروه مشتری | دسته | دسته بندی | الوسوم | وسوم | المجموعة | مجموعة العميل | التصنيف
tags: 标签 | 客户标签 | 客户分组 | 会员等级
"""
)
