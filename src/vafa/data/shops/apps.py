"""The app of this room."""

from django.apps import AppConfig

from vafa.kit.erasing import register


class ShopsConfig(AppConfig):
    name = "vafa.data.shops"
    label = "shops"

    def ready(self) -> None:
        from vafa.data.shops.erasing import HOLDER

        register(HOLDER)
