"""The addresses of moving in."""

from django.urls import path

from daysheet.movein.views import bringing, deciding

app_name = "movein"
urlpatterns = [
    path("", bringing.files, name="files"),
    path("bring/", bringing.file_bring, name="file-bring"),
    path("maps/<uuid:column_map_id>/forget/", bringing.map_forget, name="map-forget"),
    path("files/<uuid:old_file_id>/", bringing.file, name="file"),
    path("files/<uuid:old_file_id>/progress/", bringing.file_progress, name="progress-list"),
    path("files/<uuid:old_file_id>/columns/", bringing.file_columns, name="file-columns"),
    path("files/<uuid:old_file_id>/kind/", bringing.file_kind, name="file-kind"),
    path("files/<uuid:old_file_id>/drop/", bringing.file_drop, name="file-drop"),
    path("files/<uuid:old_file_id>/look/", deciding.file_look, name="file-look"),
    path("files/<uuid:old_file_id>/decide/", deciding.file_decide, name="file-decide"),
    path("files/<uuid:old_file_id>/run/", deciding.file_run, name="file-run"),
    path("files/<uuid:old_file_id>/stop/", deciding.file_stop, name="file-stop"),
    path("files/<uuid:old_file_id>/left/", deciding.file_left, name="left-csv"),
    path("files/<uuid:old_file_id>/sign/", deciding.file_sign, name="file-sign"),
    path("files/<uuid:old_file_id>/proof/", deciding.file_proof, name="proof-pdf"),
    path("files/<uuid:old_file_id>/undo/", deciding.file_undo, name="file-undo"),
]
