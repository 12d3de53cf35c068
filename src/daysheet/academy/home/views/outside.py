"""What other programs read of the academy: the map of the site, the feed of changed figures, a link's picture."""

from functools import lru_cache
from xml.etree import ElementTree as Xml

from django.http import Http404, HttpResponse
from django.urls import reverse

from daysheet.academy import public
from daysheet.academy.facts.registry import fact
from daysheet.academy.figures import pack
from daysheet.academy.home import words
from daysheet.academy.home.picture import drawn
from daysheet.academy.languages import SPANISH, place
from daysheet.ui.screens import Request, screen

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
WITHIN = {"school"}
"""Pages of one thing each: they show the picture of the home page."""


@screen(public=True)
@public.kept
def sitemap(request: Request) -> HttpResponse:
    """Return the lasting addresses of the academy for search engines."""
    names = [page.name for page in words.pages()] + [f"es-{name}" for name in SPANISH if name != "plan-open"]
    root = Xml.Element("urlset", xmlns=SITEMAP)
    for path in filter(None, map(place, names)):
        Xml.SubElement(Xml.SubElement(root, "url"), "loc").text = request.build_absolute_uri(path)
    return _xml(root, "application/xml")


@screen(public=True)
@public.kept
def feed(request: Request) -> HttpResponse:
    """Return which public files came in and when, the newest first, as an Atom feed (RFC 4287)."""
    files = pack.rows("select * from sources order by retrieved desc, id")
    root = Xml.Element("feed", xmlns=ATOM)
    home = request.build_absolute_uri(reverse("academy:home"))
    for name, text in (
        ("title", "Daysheet Academy: newer figures"),
        ("id", home),
        ("updated", _moment(files[0]["retrieved"])),
    ):
        Xml.SubElement(root, name).text = text
    Xml.SubElement(root, "link", rel="self", href=request.build_absolute_uri())
    Xml.SubElement(Xml.SubElement(root, "author"), "name").text = "Daysheet"
    for one in files:
        entry = Xml.SubElement(root, "entry")
        told = {
            "title": f"{one['publisher']}: {one['release']}",
            "id": f"urn:sha256:{one['sha256']}",
            "updated": _moment(one["retrieved"]),
            "summary": f"{one['file']}. {one['licence']}; {one['trust']}.",
        }
        for name, text in told.items():
            Xml.SubElement(entry, name).text = text
        address = request.build_absolute_uri(f"{reverse('academy:sources')}#{one['id']}")
        Xml.SubElement(entry, "link", rel="alternate", href=address)
    return _xml(root, "application/atom+xml; charset=utf-8")


@screen(public=True)
@public.kept
def picture(_request: Request, name: str) -> HttpResponse:
    """Return the picture of a page (PNG, 1200 by 630)."""
    if name not in WITHIN and not place(name):
        raise Http404
    titles = {page.name: page.title for page in words.pages()}
    title = titles.get(name, titles["home"])
    key = words.figure_of(name)
    one = fact(key) if key else None
    about = ", ".join(filter(None, (one.label, one.release))) if one else ""
    return HttpResponse(_picture(title, one.shown if one else "", about), content_type="image/png")


@lru_cache(maxsize=64)
def _picture(title: str, figure: str, about: str) -> bytes:
    return drawn(title, figure, about)


def _moment(day: str) -> str:
    """Return a day as the instant that Atom asks for; a month stands for its first day."""
    return f"{day}-01T00:00:00Z" if len(day) == 7 else f"{day[:10]}T00:00:00Z"


def _xml(root: Xml.Element, kind: str) -> HttpResponse:
    return HttpResponse(Xml.tostring(root, encoding="utf-8", xml_declaration=True), content_type=kind)
