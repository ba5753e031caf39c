from django.apps import AppConfig

from vafa.kit.erasing import register


class CustomersConfig(AppConfig):
    name = "vafa.data.customers"
    label = "customers"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from vafa.data.customers.erasing import HOLDER
        from vafa.data.customers.prefix_indexes import ensure_indexes

        register(HOLDER)
        post_migrate.connect(ensure_indexes, sender=self)
