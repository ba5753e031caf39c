"""Header names of orders and invoices, one row an order or one row a line."""

from .build import build_names
from .person import CONTACT, CUSTOMER_ID

# Amounts of the whole order: on a file of lines they repeat, so they serve only where no unit price is given.
WHOLE_ORDER = "whole_order"

NAMES = build_names(
    CUSTOMER_ID
    + CONTACT
    + """
order: order | order id | order no | order number | order ref | order reference | order code | invoice
order: invoice no | invoice number | invoice id | receipt no | receipt number | receipt | transaction id
order: transaction no | transaction number | bill no | bill number | sales order no | sales order number
order: sale id | sales order | basket id | ticket no | document no | voucher no | purchase id | deal id
order: شماره سفارش | کد سفارش | شناسه سفارش | سفارش | شماره فاکتور | کد فاکتور | فاکتور | شماره صورتحساب
order: شماره صورت حساب | شماره رسید | شماره تراکنش | شناسه تراکنش | شماره سند | شماره حواله | کد رهگیری
order: رقم الطلب | رقم الطلبية | كود الطلب | معرف الطلب | الطلب | رقم الفاتورة | الفاتورة | رقم الإيصال
order: رقم العملية | رقم المعاملة | رقم أمر البيع
order: 订单编号 | 订单号 | 订单id | 订单 | 发票号 | 发票号码 | 单号 | 单据编号 | 交易号 | 交易编号 | 流水号
order: 销售单号
at: order date | order time | order datetime | order date time | invoice date | date | date time | datetime
at: created at | created date | created | created utc | created time | created on | purchase date
at: purchased at | transaction date | transaction time | sale date | sales date | paid at | payment date
at: order created | creation date | timestamp | time | day | at | close date
at: تاریخ سفارش | زمان سفارش | تاریخ فاکتور | تاریخ خرید | تاریخ فروش | تاریخ تراکنش | تاریخ | تاریخ و ساعت
at: زمان ثبت | تاریخ ثبت | تاریخ ثبت سفارش | تاریخ صدور | تاریخ ایجاد | زمان ایجاد | تاریخ پرداخت | زمان
at: تاريخ الطلب | وقت الطلب | تاريخ الفاتورة | تاريخ الشراء | تاريخ البيع | التاريخ | تاريخ | تاريخ العملية
at: تاريخ المعاملة | تاريخ الإنشاء | تاريخ الدفع
at: 下单时间 | 下单日期 | 订单时间 | 订单日期 | 订单创建时间 | 购买时间 | 购买日期 | 交易时间 | 交易日期
at: 成交时间 | 销售日期 | 日期 | 时间 | 创建时间 | 付款时间 | 支付时间 | 订单付款时间 | 开票日期
product: product id | product code | product no | product number | item id | item code | item no
product: item number | stock code | article no | article number | part number | part no | plu | isbn | upc
product: barcode | product | products | item | article | goods | service | service name | course
product: کد کالا | کد محصول | شناسه محصول | شناسه کالا | شماره کالا | بارکد | کالا | محصول | خدمت | سرویس
product: دوره | رقم المنتج | كود المنتج | معرف المنتج | رقم الصنف | كود الصنف | الباركود | المنتج | الصنف
product: السلعة | الخدمة | 商品编号 | 商品编码 | 商品id | 产品编号 | 产品编码 | 产品id | 货号 | 条码
product: 商家编码 | 商品 | 产品 | 服务 | 课程
product_name: product name | item name | product title | description | product description
product_name: item description | line description | lineitem name | service description | product variation
product_name: نام کالا | نام محصول | شرح کالا | شرح محصول | شرح | عنوان کالا | عنوان محصول
product_name: شرح کالا یا خدمات | نام خدمت | اسم المنتج | اسم الصنف | وصف المنتج | البيان | اسم السلعة
product_name: 商品名称 | 产品名称 | 商品标题 | 宝贝标题 | 品名 | 商品名 | 货品名称 | 标题
sku: sku | lineitem sku | product sku | item sku | variant sku | seller sku
product_line: product line | product category | category | product type | product group | department | line
product_line: brand line | item group | item category | family | vendor | گروه کالا | دسته | دسته بندی
product_line: دسته محصول | گروه محصول | خط محصول | نوع محصول | الفئة | فئة المنتج | تصنيف المنتج | التصنيف
product_line: خط المنتج | المجموعة | 商品分类 | 产品分类 | 类别 | 品类 | 产品线 | 商品类别 | 分类 | 类目
location: location | branch | store | shop | outlet | store id | store name | branch name | shop name
location: warehouse | pos | channel | sales channel | country | region | شعبه | فروشگاه | نام شعبه | کد شعبه
location: نام فروشگاه | محل فروش | نمایندگی | الفرع | فرع | المتجر | اسم الفرع | نقطة البيع | 门店 | 店铺
location: 分店 | 店铺名称 | 门店名称 | 网点 | city | town | شهر | شهرستان | المدينة | مدينة | 城市
quantity: quantity | qty | lineitem quantity | quantity ordered | units | unit count | pieces | pcs | count
quantity: item quantity | item qty | ordered quantity | number of cds | no of items | number of items
quantity: number of units | items | تعداد | مقدار | تعداد کالا | مقدار/تعداد | الكمية | كمية | العدد
quantity: عدد القطع | الكميه | 数量 | 购买数量 | 件数 | 商品数量 | 销售数量 | 宝贝总数量
price: unit price | price | price per unit | item price | lineitem price | item cost | unit cost
price: list price | selling price | sale price | price each | product price | rate | مبلغ واحد | قیمت واحد
price: قیمت | فی | بهای واحد | قیمت فی | نرخ | السعر | سعر الوحدة | سعر | سعر البيع | ثمن الوحدة | 单价
price: 价格 | 售价 | 销售单价 | 商品单价 | 成交单价
amount: amount | line total | line amount | line value | line net | total price | sales amount | sales value
amount: revenue | net amount | sales | value | dollar value | extended price | total line
amount: order line w o tax | order line total | item total | paid amount | amount paid | net sales
amount: dollar sales | purchase amount | spend | مبلغ | مبلغ کل | جمع مبلغ | قیمت کل | بهای کل | جمع ردیف
amount: مبلغ ردیف | مبلغ فروش | مبلغ خرید | المبلغ | القيمة | إجمالي السطر | المجموع الفرعي | مبلغ | 金额
amount: 小计 | 商品金额 | 成交金额 | 销售金额 | 消费金额 | 商品总价
whole_order: total | order total | grand total | total amount | order amount | order value | invoice total
whole_order: invoice amount | total paid | subtotal | total sales | جمع کل | مبلغ نهایی | مبلغ فاکتور
whole_order: مبلغ سفارش | مبلغ پرداختی | جمع کل سفارش | جمع فاکتور | مبلغ قابل پرداخت | الإجمالي | المجموع
whole_order: إجمالي الطلب | المبلغ الإجمالي | إجمالي الفاتورة | قيمة الطلب | 总金额 | 订单金额 | 实付金额
whole_order: 合计 | 总价 | 应付金额 | 实收金额 | 支付金额 | 订单总额 | 买家实际支付金额 | 总计
currency: currency | currency code | order currency | ارز | واحد پول | نوع ارز | واحد ارز | العملة | عملة
currency: رمز العملة | 币种 | 货币 | 货币代码
discount: discount | discount amount | discount total | total discount | lineitem discount | discounts
discount: coupon amount | line discount | تخفیف | مبلغ تخفیف | جمع تخفیف | الخصم | خصم | مبلغ الخصم
discount: قيمة الخصم | 折扣 | 优惠 | 优惠金额 | 折扣金额 | 折扣额
tax: tax | taxes | tax amount | tax total | vat | vat amount | sales tax | total tax | gst | مالیات
tax: مبلغ مالیات | ارزش افزوده | مالیات بر ارزش افزوده | عوارض و مالیات | الضريبة | ضريبة | قيمة الضريبة
tax: ضريبة القيمة المضافة | 税 | 税额 | 税费
shipping: shipping | shipping total | shipping cost | shipping amount | shipping fee | delivery fee
shipping: freight | delivery charge | postage | هزینه ارسال | هزینه حمل | کرایه حمل | کرایه | مبلغ ارسال
shipping: الشحن | تكلفة الشحن | رسوم الشحن | رسوم التوصيل | 运费 | 邮费 | 配送费 | 快递费
status: status | order status | financial status | payment status | state | invoice status | order state
status: وضعیت | وضعیت سفارش | وضعیت پرداخت | وضعیت فاکتور | الحالة | حالة الطلب | حالة الدفع | حالة الفاتورة
status: 状态 | 订单状态 | 支付状态 | 付款状态 | 交易状态
customer_location: customer city | billing city | city billing | customer country | billing country
customer_location: customer location | customer region | شهر مشتری | شهر خریدار | مدينة العميل | 客户城市
customer_location: 收货城市
name: customer name | name
"""
)
