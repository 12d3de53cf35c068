"""A plan kept as a file on one's own computer, and read again."""

from typing import Any

import orjson
from django.utils.translation import gettext as _

from daysheet.academy.planner.rules.plan import words_of_plan
from daysheet.kernel.errors import Refusal

LARGEST = 64 * 1024


def read_file(upload: Any) -> dict[str, str]:
    """Return the words of a plan file: known names only, each at most 200 letters.

    Raises Refusal for no file, a file that is too large, or one that is not a plan of ours.
    """
    if upload is None:
        raise Refusal(_("Choose the file that you kept: it is called my-plan.json."))
    if upload.size > LARGEST:
        raise Refusal(_("This file is too large for a plan. Choose the one called my-plan.json."))
    try:
        read = orjson.loads(upload.read())
    except orjson.JSONDecodeError:
        read = None
    if not isinstance(read, dict) or read.get("daysheet") != "plan" or not isinstance(read.get("plan"), dict):
        raise Refusal(_("This file is not a plan of this page. Choose the one called my-plan.json."))
    return words_of_plan(read["plan"])
