from django.apps import AppConfig
from django.db.models.signals import post_migrate

from vafa.kit.erasing import register


class KitConfig(AppConfig):
    name = "vafa.kit"
    label = "kit"

    def ready(self) -> None:
        from vafa.kit.audit_guard import install
        from vafa.kit.mail_erasing import HOLDER

        register(HOLDER)
        post_migrate.connect(install, sender=self, dispatch_uid="vafa.audit_guard")
