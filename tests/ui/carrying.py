"""A card of the calendar, carried by keys."""

from playwright.sync_api import Page, expect


def carry(page: Page, *keys: str) -> None:
    """Press keys that take the focused card up and carry it; each one waits until the card, drawn anew, has the focus."""
    for key in keys:
        page.keyboard.press(key)
        expect(page.locator(".is-moving [data-card]:focus")).to_have_count(1)
