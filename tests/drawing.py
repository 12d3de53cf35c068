"""How much of a page was drawn for somebody, and how much was kept from before."""

from typing import Any

from django.test import Client


def newly_drawn(kept: Any, browser: Client, address: str) -> tuple[str, int]:
    """Return a page, and how many of its pieces were drawn for it; `kept` is the function that keeps them."""
    before = kept.cache_info().misses
    page = browser.get(address).content.decode()
    return page, kept.cache_info().misses - before
