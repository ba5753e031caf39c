from django.apps import AppConfig

from vafa.kit.erasing import register


class CustomersConfig(AppConfig):
    name = "vafa.data.customers"
    label = "customers"

    def ready(self) -> None:
        from vafa.data.customers.erasing import HOLDER

        register(HOLDER)
