"""Header names of a person's own fields, which every kind of import may carry."""

CUSTOMER_ID = """
customer: customer | customer id | customer no | customer number | customer code | customer key
customer: customer ref | client id | client code | client no | client number | member id | member no
customer: member number | membership no | membership number | subscriber id | student id | student no
customer: patient id | user id | userid | buyer id | account id | account no | account number
customer: organization number | contact id | contact no | partner id | guest id | cust id | cust no | custid
customer: loyalty id | loyalty card no | household id | household key | person id | master id
customer: کد مشتری | شناسه مشتری | شماره مشتری | کد مشترک | شماره مشترک | شناسه مشترک | شماره اشتراک
customer: شماره عضویت | کد عضویت | شناسه عضو | شماره عضو | کد عضو | کد اشتراک | کد کاربر | شناسه کاربر
customer: شماره دانش آموز | کد طرف حساب | طرف حساب | شماره پرونده | مشتری | کد خریدار | شناسه خریدار
customer: کد مخاطب | شناسه مخاطب
customer: رقم العميل | كود العميل | معرف العميل | رمز العميل | رقم الزبون | كود الزبون | رقم العضو
customer: رقم العضوية | رقم المشترك | رقم المشتري | معرف المستخدم | رقم المستخدم | رقم الحساب | العميل
customer: الزبون
customer: 客户编号 | 客户id | 客户代码 | 客户号 | 顾客编号 | 顾客id | 会员编号 | 会员id | 会员号 | 会员卡号
customer: 用户id | 用户编号 | 买家id | 买家会员名 | 买家昵称 | 学员编号 | 客户
"""

CONTACT = """
name: customer name | full name | client name | member name | contact name | customer full name | buyer name
name: billing name | account name | organization name | display name | recipient name | card name
name: bill to name | sold to | bill to | name billing | customer description | subscriber name
name: student name | patient name | display customer name | partner name | related company name
name: نام مشتری | نام و نام خانوادگی | نام کامل | نام خریدار | نام مشترک | نام عضو | نام و فامیل
name: نام طرف حساب | نام مخاطب | نام سازمان | نام گیرنده | نام شخص
name: اسم العميل | الاسم الكامل | اسم الزبون | اسم المشترك | اسم العضو | اسم المشتري | اسم العميل الكامل
name: الاسم بالكامل
name: 客户姓名 | 客户名称 | 顾客姓名 | 顾客名称 | 会员姓名 | 会员名称 | 用户姓名 | 买家姓名 | 收货人
name: 收货人姓名 | 联系人 | 学员姓名 | 姓名
given_name: first name | given name | firstname | forename | billing first name | first name billing
given_name: customer first name | نام کوچک | نام اول | الاسم الأول | الاسم الاول | 名字 | 名
family_name: last name | family name | surname | lastname | billing last name | last name billing
family_name: customer last name | نام خانوادگی | فامیل | فامیلی | شهرت | اسم العائلة | الاسم الأخير
family_name: الاسم الاخير | اللقب | اسم العائله | الكنية | 姓 | 姓氏
email: email | e mail | email address | customer email | billing email | email billing
email: customer email address | contact email | primary email | mail | e mail address | buyer email
email: email 1 | user email | ایمیل | پست الکترونیک | پست الکترونیکی | آدرس ایمیل | رایانامه | نشانی ایمیل
email: ایمیل مشتری | البريد الإلكتروني | البريد الالكتروني | البريد | الإيميل | الايميل | ايميل
email: بريد إلكتروني | البريد الإلكتروني للعميل | 邮箱 | 电子邮箱 | 电子邮件 | 邮件 | 邮箱地址 | 客户邮箱
email: 电邮
phone: phone | mobile | phone number | mobile number | mobile phone | mobile phone number | customer phone
phone: billing phone | phone billing | cell | cell phone | cellphone | primary phone | contact phone
phone: telephone | tel | tel no | phone no | mobile no | contact number | whatsapp | whatsapp number
phone: whatsapp phone number | default address phone | office phone | secondary phone | home phone
phone: موبایل | شماره موبایل | تلفن همراه | شماره همراه | شماره تلفن همراه | همراه | تلفن | شماره تلفن
phone: شماره تماس | تلفن تماس | تلفن ثابت | موبایل مشتری | تلفن مشتری
phone: رقم الجوال | الجوال | رقم الهاتف | الهاتف | رقم الموبايل | الموبايل | رقم المحمول | المحمول
phone: الهاتف المحمول | رقم التواصل | واتساب | هاتف العميل | جوال العميل | رقم جوال العميل | جوال
phone: 手机 | 手机号 | 手机号码 | 电话 | 联系电话 | 电话号码 | 移动电话 | 联系方式 | 联系手机 | 客户电话
phone: 会员手机 | 收货人手机
"""
