"""The address of a built file, for Django templates."""

from django import template

from daysheet.ui import assets

register = template.Library()
register.simple_tag(assets.asset, name="asset")
