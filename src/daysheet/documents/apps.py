"""The room `documents` as a Django app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Papers: bytes, hash, kind, patient; cards, receipts, statements, scans."""

    name = "daysheet.documents"
    label = "documents"
