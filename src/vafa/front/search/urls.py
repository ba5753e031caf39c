"""The addresses of the search box."""

from django.urls import path

from vafa.front.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/found/", views.search_while_typing, name="search_found"),
]
