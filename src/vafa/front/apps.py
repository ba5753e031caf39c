from django.apps import AppConfig

from vafa.kit.erasing import Holder, register


class FrontConfig(AppConfig):
    name = "vafa.front"
    label = "front"

    def ready(self) -> None:
        from vafa.front.signals import connect
        from vafa.warehouse.actions import forget_before

        connect()
        # The columnar copy is no app of its own.
        register(Holder(room="warehouse", models=(), sweep=forget_before))
