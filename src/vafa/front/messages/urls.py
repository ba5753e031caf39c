"""The addresses of messages: the public pages behind links."""

from django.urls import path

from vafa.front.messages import public

urlpatterns = [
    path("k/<path:token>", public.follow, name="message_link"),
    path("stop/<path:token>", public.stop, name="message_stop"),
    path("answers/<str:nonce>/", public.answers, name="public_answers"),
]
