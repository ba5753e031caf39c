from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "vafa.api"
    label = "api"

    def ready(self) -> None:
        """Let the erasure know what is held here."""
        from vafa.api.erasing import HOLDER
        from vafa.kit.erasing import register

        register(HOLDER)
