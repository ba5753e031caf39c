"""Addresses of text messages, bots and what people deliver."""

from django.urls import path

from vafa.front.messages import account_pages, by_hand, hooks, replies

urlpatterns = [
    path("in/messages/<str:token>/", hooks.provider_call, name="provider_call"),
    path("tasks/by-hand/", by_hand.by_hand, name="by_hand"),
    path("tasks/by-hand/print/", by_hand.print_by_hand, name="print_by_hand"),
    path("replies/", replies.replies, name="replies"),
    path("replies/<int:incoming_id>/do/", replies.see_to_reply, name="see_to_reply"),
    path("settings/sending/new/<slug:kind>/", account_pages.new_account, name="new_account"),
    path("settings/sending/<int:account_id>/", account_pages.sending_account, name="sending_account"),
    path(
        "settings/sending/<int:account_id>/try/",
        account_pages.try_sending_account,
        name="try_sending_account",
    ),
    path("settings/sending/<int:account_id>/hook/", account_pages.renew_hook, name="renew_hook"),
]
