"""Whether bytes that come in can be a paper: by size, by their first bytes, and a picture drawn anew."""

from django.utils.translation import gettext as _

from daysheet.documents import rules
from daysheet.documents.pictures import FORMATS, NotAPicture, drawn_anew
from daysheet.kernel.errors import Refusal


class UnfitPaper(Refusal):
    """What was brought is empty, too large, or no picture and no PDF."""


def fit(content: bytes) -> tuple[str, bytes]:
    """Return the media type and the bytes to keep: a picture is drawn anew. Raises UnfitPaper."""
    if not content:
        raise UnfitPaper(_("The file is empty. Choose it again."), file=_("The file is empty."))
    if len(content) > rules.LARGEST:
        raise too_large()
    media_type = rules.type_of(content)
    if not media_type:
        sentence = _("Only pictures (PNG, JPEG) and PDF can be filed. Scan the paper or take a photo of it.")
        raise UnfitPaper(sentence, file=sentence)
    if media_type in FORMATS:
        try:
            content = drawn_anew(content, media_type)
        except NotAPicture as no:
            raise UnfitPaper(str(no), file=str(no)) from no
    return media_type, content


def too_large() -> UnfitPaper:
    """Return the refusal of a file that is too large."""
    sentence = _("The file is larger than 8 MB. Scan it with fewer dots or as grey.")
    return UnfitPaper(sentence, file=sentence)


def fault_of_scan(content: bytes, size: int) -> str:
    """Return why a file of a scanner cannot be filed, as a sentence; or nothing."""
    if size > rules.LARGEST:
        return too_large().sentence
    if not content:
        return _("The file is empty. Scan the paper again.")
    if rules.is_tiff(content):
        return _("The file is a TIFF. Set the scanner to PDF or JPEG and scan the paper again.")
    try:
        media_type, _kept = fit(content)
    except UnfitPaper as no:
        return no.sentence
    if media_type == "application/pdf" and not rules.is_whole_pdf(content):
        return _("The PDF is cut off: its end is missing. Scan the paper again.")
    return ""
