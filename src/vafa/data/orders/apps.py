from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "vafa.data.orders"
    label = "orders"
