from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "vafa.front"
    label = "front"

    def ready(self) -> None:
        from vafa.front.signals import connect

        connect()
