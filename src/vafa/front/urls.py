"""Pages that cross floors."""

from django.urls import URLPattern, URLResolver, path

from vafa.front import home, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("language/", home.set_language, name="set_language"),
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("begin/", sign_in.begin, name="begin"),
    path("begin/<str:token>/", sign_in.begin, name="begin_with_token"),
    path("invitation/<str:token>/", sign_in.invitation, name="invitation"),
]
