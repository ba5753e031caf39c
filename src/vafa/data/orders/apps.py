from django.apps import AppConfig

from vafa.kit.erasing import register


class OrdersConfig(AppConfig):
    name = "vafa.data.orders"
    label = "orders"

    def ready(self) -> None:
        from vafa.data.orders.erasing import HOLDER

        register(HOLDER)
