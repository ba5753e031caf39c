"""The addresses of the second step. Some names are those that the sign-in library looks for."""

from django.urls import path

from vafa.front.second_step import confirming, entering, views

urlpatterns = [
    path("sign-in/second-step/", entering.enter, name="mfa_authenticate"),
    path("sign-in/passkey/", entering.enter_by_passkey, name="enter_by_passkey"),
    path("confirm/", confirming.confirm, name="account_reauthenticate"),
    path("my-account/second-step/", views.second_step, name="second_step"),
    path("my-account/second-step/app/", views.set_up_app, name="set_up_app"),
    path("my-account/second-step/app/remove/", views.remove_app, name="remove_app"),
    path("my-account/second-step/codes/", views.recovery_codes, name="recovery_codes"),
    path("my-account/second-step/passkeys/add/", views.add_passkey, name="add_passkey"),
    path(
        "my-account/second-step/passkeys/<int:passkey_id>/remove/",
        views.remove_passkey,
        name="remove_passkey",
    ),
]
