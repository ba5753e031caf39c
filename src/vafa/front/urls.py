"""Pages that cross floors."""

from django.urls import URLPattern, URLResolver, path

from vafa.front import (
    first_steps,
    home,
    leaving_demo,
    settings_account,
    settings_lists,
    settings_pages,
    settings_sources,
    settings_staff,
    sign_in,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("language/", home.set_language, name="set_language"),
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("begin/", sign_in.begin, name="begin"),
    path("begin/<str:token>/", sign_in.begin, name="begin_with_token"),
    path("invitation/<str:token>/", sign_in.invitation, name="invitation"),
    path("leave-demo/", leaving_demo.leave_demo, name="leave_demo"),
    path("demo-left/<str:token>/", leaving_demo.demo_left, name="demo_left"),
    path("first-steps/", first_steps.first_steps, name="first_steps"),
    path("first-steps/country/", first_steps.country_step, name="first_steps_country"),
    path("first-steps/business/", first_steps.business_step, name="first_steps_business"),
    path("first-steps/industry/", first_steps.industry_step, name="first_steps_industry"),
    path("first-steps/rule/", first_steps.rule_step, name="first_steps_rule"),
    path("first-steps/import/", first_steps.import_step, name="first_steps_import"),
    path("first-steps/finish/", first_steps.finish_first_steps, name="first_steps_finish"),
    path("settings/", settings_pages.settings, name="settings"),
    path("settings/place/", settings_pages.settings_place, name="settings_place"),
    path("settings/rule/", settings_pages.settings_rule, name="settings_rule"),
    path("settings/money/", settings_lists.settings_money, name="settings_money"),
    path("settings/money/rates/<int:rate_id>/remove/", settings_lists.remove_rate_row, name="remove_rate"),
    path("settings/periods/", settings_lists.settings_periods, name="settings_periods"),
    path("settings/periods/<int:period_id>/remove/", settings_lists.remove_period, name="remove_period"),
    path("settings/left-out/", settings_lists.settings_exclusions, name="settings_exclusions"),
    path("settings/left-out/remove/", settings_lists.remove_exclusion, name="remove_exclusion"),
    path("settings/sources/", settings_sources.settings_sources, name="settings_sources"),
    path("settings/staff/", settings_staff.settings_staff, name="settings_staff"),
    path("settings/staff/<int:staff_id>/", settings_staff.change_staff, name="change_staff"),
    path("settings/audit/", settings_staff.settings_audit, name="settings_audit"),
    path("my-account/", settings_account.my_account, name="my_account"),
]
