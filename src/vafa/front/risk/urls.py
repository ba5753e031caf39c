"""The addresses of the place "Risk"."""

from django.urls import path

from vafa.front.risk import (
    acting,
    board,
    bulk,
    case_page,
    common,
    drivers,
    exporting,
    model_cards,
    model_settings,
    part,
    record,
    value,
    when,
)

bulk.register()

urlpatterns = [
    path("risk/", board.risk, name="risk"),
    path("risk/act/", acting.act, name="risk_act"),
    path("risk/undo/", acting.undo, name="risk_undo"),
    path("risk/export.<slug:file_format>", exporting.export_board, name="risk_export"),
    path("risk/when/", when.when, name="risk_when"),
    path("risk/when/export.<slug:file_format>", when.export_when, name="risk_when_export"),
    path("risk/common/", common.common, name="risk_common"),
    path("risk/common/segment/", common.make_segment, name="risk_common_segment"),
    path("risk/common/export.<slug:file_format>", common.export_common, name="risk_common_export"),
    path("risk/drivers/", drivers.drivers, name="risk_drivers"),
    path("risk/drivers/export.<slug:file_format>", drivers.export_drivers, name="risk_drivers_export"),
    path("risk/value/", value.value, name="risk_value"),
    path("risk/value/export.<slug:file_format>", value.export_value, name="risk_value_export"),
    path("risk/record/", record.track_record, name="risk_record"),
    path("risk/record.<slug:file_format>", record.export_record, name="risk_record_export"),
    path("risk/record/safe.<slug:file_format>", record.export_safe, name="risk_safe_export"),
    path("risk/models/", model_cards.models, name="risk_models"),
    path("risk/models/<int:card_id>/", model_cards.model, name="risk_model"),
    path("risk/models/<int:card_id>/use/", model_cards.use, name="risk_model_use"),
    path("settings/predictions/", model_settings.settings_predictions, name="settings_predictions"),
    path("risk/cases/<int:case_id>/", case_page.case, name="risk_case"),
    path("customers/<int:customer_id>/risk/", part.customer_risk, name="customer_risk"),
]
