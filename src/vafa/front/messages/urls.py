"""The addresses of messages: the public pages behind links."""

from django.urls import path

from vafa.front.messages import (
    accounts,
    budget,
    domain,
    editing,
    previewing,
    public,
    queue,
    templates,
    versions,
)

urlpatterns = [
    path("k/<path:token>", public.follow, name="message_link"),
    path("stop/<path:token>", public.stop, name="message_stop"),
    path("answers/<str:nonce>/", public.answers, name="public_answers"),
    path("templates/", templates.templates, name="templates"),
    path("templates/<int:template_id>/", editing.template, name="template"),
    path("templates/<int:template_id>/do/", templates.change_template, name="change_template"),
    path("templates/<int:template_id>/preview/", previewing.preview_template, name="preview_template"),
    path("templates/<int:template_id>/look/", previewing.look_at_template, name="look_at_template"),
    path(
        "templates/<int:template_id>/versions/<int:number>/",
        versions.template_version,
        name="template_version",
    ),
    path("settings/budget/", budget.settings_budget, name="settings_budget"),
    path("queue/", queue.queue, name="queue"),
    path("queue.<str:file_format>", queue.export_queue, name="export_queue"),
    path("queue/resend/", queue.resend, name="resend"),
    path("queue/accounts/<int:account_id>/resume/", queue.resume_from_queue, name="resume_from_queue"),
    path("settings/sending/", accounts.settings_sending, name="settings_sending"),
    path("settings/sending/<int:account_id>/domain/", domain.sending_domain, name="sending_domain"),
    path("settings/sending/<int:account_id>/domain/look/", domain.look_domain, name="look_at_sending_domain"),
    path("settings/sending/address/", accounts.set_address, name="set_public_address"),
    path("settings/sending/<int:account_id>/do/", accounts.change_account, name="change_account"),
]
