"""The kernel as a Django app: the practice, the diary, numbers, form keys, drafts."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Kernel tables."""

    name = "daysheet.kernel"
    label = "kernel"
