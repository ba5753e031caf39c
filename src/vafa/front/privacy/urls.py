"""The addresses of privacy: consent and data of a customer, erasures, and the customer's own page."""

from django.urls import path

from vafa.front.privacy import bulk, inactive, part, person, preferences, settings_page

bulk.register()

urlpatterns = [
    path("customers/<int:customer_id>/consent/", part.customer_consent, name="customer_consent"),
    path("customers/<int:customer_id>/data/", person.export_person, name="export_person"),
    path("customers/<int:customer_id>/erase/", person.erase_customer, name="erase_customer"),
    path("settings/privacy/", settings_page.settings_privacy, name="settings_privacy"),
    path("settings/privacy/do-not-send.csv", settings_page.export_suppressed, name="export_suppressed"),
    path("privacy/inactive/", inactive.inactive, name="inactive"),
    path("privacy/erasures/", person.erasures, name="erasures"),
    path("privacy/erasures/<slug:code>/", person.erasure, name="erasure"),
    path("preferences/<str:token>/", preferences.preferences, name="preferences"),
    path("preferences/<str:token>/one-click/", preferences.one_click, name="one_click"),
]
