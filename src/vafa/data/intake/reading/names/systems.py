"""Exports of known systems, told by columns that they alone have: field -> its columns, the best first."""

from __future__ import annotations

from .build import System, build_names
from .service_systems import SERVICE_SYSTEMS

_SHOPIFY_ORDERS = build_names(
    """
order: Name
at: Created at | Paid at
product: Lineitem name
sku: Lineitem sku
product_line: Vendor
location: Location
quantity: Lineitem quantity
price: Lineitem price
currency: Currency
discount: Discount Amount
tax: Taxes
shipping: Shipping
status: Financial Status
name: Billing Name | Shipping Name
email: Email
phone: Phone | Billing Phone | Shipping Phone
customer_location: Billing City | Shipping City
"""
)
_WOO_ADVANCED = build_names(
    """
order: Order Number | Order ID
at: Order Date
product: Name | Item Name
sku: SKU
quantity: Quantity | Quantity (- Refund)
price: Item Cost
amount: Order Line (w/o tax) | Order Line Total | Order Line Subtotal
status: Order Status
given_name: First Name (Billing)
family_name: Last Name (Billing)
email: Email (Billing)
phone: Phone (Billing)
customer: Customer User ID | Customer ID
customer_location: City (Billing)
currency: Order Currency | Currency
"""
)
_STRIPE_SUBSCRIPTIONS = build_names(
    """
subscription: id
customer: Customer ID
name: Customer Name | Customer Description
email: Customer Email
plan: Product | Plan | Price Name | Price ID
amount: Amount | Plan Amount
currency: Currency | Plan Currency
interval: Interval | Plan Interval | Billing Interval
started_at: Start (UTC) | Start Date (UTC) | Created (UTC) | Start | Created
ended_at: Ended At (UTC) | Ended At | Canceled At (UTC) | Canceled At
cancel_reason: Cancellation Reason Feedback | Cancellation Feedback | Cancellation Reason
status: Status
"""
)
_STRIPE_PAYMENTS = build_names(
    """
order: id
at: Created (UTC) | Created date (UTC)
amount: Amount
currency: Currency
status: Status
customer: Customer ID
name: Customer Description | Card Name
email: Customer Email
tax: Tax
"""
)
_STRIPE_CUSTOMERS = build_names(
    """
customer: id
name: Name | Description
email: Email
phone: Phone
joined_at: Created (UTC)
city: Address City | Card Address City
country: Address Country | Card Address Country
"""
)
_SHOPIFY_CUSTOMERS = build_names(
    """
customer: Customer ID
given_name: First Name
family_name: Last Name
email: Email
phone: Phone | Default Address Phone
consent_email: Accepts Email Marketing
consent_sms: Accepts SMS Marketing
company: Default Address Company | Company
city: Default Address City | City
country: Default Address Country Code | Country
tags: Tags
"""
)
_ODOO_SALES = build_names(
    """
order: Order Reference | Number | Reference
at: Order Date | Creation Date | Invoice/Bill Date | Invoice Date
customer: Customer/ID | Customer/External ID | Partner/ID
name: Customer | Customer/Name | Partner
product: Order Lines/Product | Order Lines/Product/Name | Invoice lines/Product
quantity: Order Lines/Quantity | Order Lines/Ordered Quantity | Invoice lines/Quantity
price: Order Lines/Unit Price | Invoice lines/Unit Price
amount: Order Lines/Subtotal | Invoice lines/Subtotal | Untaxed Amount | Total
status: Status | Order Status
currency: Currency
location: Company | Warehouse
"""
)
_VTIGER_ORDERS = build_names(
    """
order: Sales Order Number | SalesOrder No | Invoice Number | Invoice No
at: Invoice Date | Created Time
customer: Customer No
name: Contact Name | Organization Name
amount: Total | Grand Total
status: Status
discount: Discount Amount
tax: Tax
shipping: S&H Amount
product: Item Name
quantity: Quantity
price: List Price | Selling Price
currency: Currency
"""
)
_HUBSPOT_DEALS = build_names(
    """
order: Record ID | Deal ID
at: Close Date | Create Date
product_name: Deal Name
amount: Amount
status: Deal Stage
customer: Associated Contact IDs | Associated Company IDs
name: Associated Contact | Associated Company
currency: Currency
"""
)
_HUBSPOT_CONTACTS = build_names(
    """
customer: Record ID | Record ID - Contact | Contact ID
given_name: First Name
family_name: Last Name
email: Email
phone: Mobile Phone Number | Phone Number
company: Associated Company | Company Name
joined_at: Create Date
city: City
country: Country/Region
birthday: Date of birth
"""
)
_ODOO_PARTNERS = build_names(
    """
customer: ID | External ID
name: Name | Display Name
email: Email
phone: Mobile | Phone
company: Related Company | Company Name
city: City
country: Country
tags: Tags
title: Title
joined_at: Created on
"""
)
_VTIGER_ACCOUNTS = build_names(
    """
customer: Organization Number | Account No
name: Organization Name | Account Name
email: Primary Email | Email
phone: Primary Phone | Phone
joined_at: Created Time
city: Billing City
country: Billing Country
"""
)
_VTIGER_CONTACTS = build_names(
    """
customer: Contact Id | Contact No
given_name: First Name
family_name: Last Name
title: Salutation
email: Primary Email | Email
phone: Mobile Phone | Mobile | Primary Phone | Office Phone | Phone
birthday: Date of Birth | Birthdate
company: Organization Name | Account Name
joined_at: Created Time
city: Mailing City | Billing City
country: Mailing Country | Billing Country
"""
)

SYSTEMS: tuple[System, ...] = (
    System("shopify", "orders", ("Financial Status", "Lineitem name"), _SHOPIFY_ORDERS),
    System(
        "shopify", "customers", ("Accepts Email Marketing", "First Name"), _SHOPIFY_CUSTOMERS, closed=False
    ),
    System("woocommerce", "orders", ("Order Number", "Item #", "Email (Billing)"), _WOO_ADVANCED),
    System("woocommerce", "orders", ("Order Number", "Order Status", "Item Cost"), _WOO_ADVANCED),
    System("woocommerce", "orders", ("order_number", "order_total", "billing_email"), {}, closed=False),
    System("stripe", "subscriptions", ("id", "Customer ID", "Plan", "Status"), _STRIPE_SUBSCRIPTIONS),
    System(
        "stripe", "subscriptions", ("id", "Customer ID", "Current Period Start (UTC)"), _STRIPE_SUBSCRIPTIONS
    ),
    System("stripe", "orders", ("id", "Created (UTC)", "Amount", "Customer ID"), _STRIPE_PAYMENTS),
    System("stripe", "customers", ("id", "Created (UTC)", "Email"), _STRIPE_CUSTOMERS, closed=False),
    System("hubspot", "orders", ("Deal Name", "Deal Stage"), _HUBSPOT_DEALS),
    System("hubspot", "customers", ("Record ID", "Lifecycle Stage"), _HUBSPOT_CONTACTS, closed=False),
    System("hubspot", "customers", ("Record ID", "Contact owner"), _HUBSPOT_CONTACTS, closed=False),
    System("hubspot", "customers", ("Record ID", "Associated Company"), _HUBSPOT_CONTACTS, closed=False),
    System("odoo", "orders", ("Order Reference", "Order Date"), _ODOO_SALES),
    System("odoo", "orders", ("Order Lines/Product",), _ODOO_SALES),
    System("odoo", "orders", ("Invoice lines/Product",), _ODOO_SALES),
    System("odoo", "customers", ("Company Type", "Related Company"), _ODOO_PARTNERS, closed=False),
    System("odoo", "customers", ("Is a company", "Related company"), _ODOO_PARTNERS, closed=False),
    System("vtiger", "orders", ("Sales Order Number",), _VTIGER_ORDERS, closed=False),
    System("vtiger", "orders", ("SalesOrder No",), _VTIGER_ORDERS, closed=False),
    System("vtiger", "orders", ("Invoice Number", "Organization Name"), _VTIGER_ORDERS, closed=False),
    System("vtiger", "customers", ("Contact Id", "Last Name"), _VTIGER_CONTACTS, closed=False),
    System(
        "vtiger", "customers", ("Organization Number", "Organization Name"), _VTIGER_ACCOUNTS, closed=False
    ),
    System("vtiger", "customers", ("Account No", "Account Name"), _VTIGER_ACCOUNTS, closed=False),
    *SERVICE_SYSTEMS,
)
