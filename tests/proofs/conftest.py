"""A played practice that really stands in the database, put back in a moment before each proof."""

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import Resolver404, resolve

from daysheet.kernel.access import Can, roles
from tests import desk
from tests.proofs.forms import PageForm, forms_of
from tests.throwaway import NAME, Throwaway
from tests.world import World, addresses

KEPT = "daysheet_kept"
Forms = dict[tuple[str, ...], tuple[str, PageForm]]
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)"')


def view_of(path: str) -> str:
    """Return the name of the address that answers a path, or nothing."""
    with suppress(Resolver404):
        return resolve(urlsplit(path).path).view_name
    return ""


@dataclass
class Standing:
    """The world, committed, with a copy to go back to."""

    world: World
    throwaway: Throwaway
    told: dict[str, str] = field(default_factory=dict)
    met: dict[str, Forms] = field(default_factory=dict)

    def put_back(self) -> None:
        """Bring the database back to the moment after the play."""
        connections.close_all()
        self.throwaway.cluster.sql(
            f"drop database if exists {NAME} with (force);"
            f"create database {NAME} template {KEPT} owner daysheet_owner strategy file_copy;"
            f"revoke all on database {NAME} from public;"
            f"grant connect on database {NAME} to daysheet_app, daysheet_sealer;"
        )

    def keep(self) -> None:
        """Make the copy to go back to."""
        connections.close_all()
        self.throwaway.cluster.sql(
            f"drop database if exists {KEPT} with (force);"
            f"create database {KEPT} template {NAME} owner daysheet_owner strategy file_copy;"
        )

    def role_for(self, needs: Can | None, *, room: str) -> str:
        """Return a role that may do it: the manager where she may."""
        if room == "payer":
            return "insurance_clerk"
        if needs is None or needs in roles()["office_manager"].may:
            return "office_manager"
        return next(key for key, role in roles().items() if needs in role.may and key != "system")

    def urls(self) -> dict[str, str]:
        """Return every address that the world has a thing for, by its name."""
        if not self.told:
            with transaction.atomic():
                told = {one.name: one.url(self.world) for one in addresses()}
            self.told = {name: url for name, url in told.items() if url}
        return self.told

    def pages(self, role: str, *, most: int = 5) -> Iterator[tuple[str, str]]:
        """Walk from every address along the links, some pages of each kind; yield address and body."""
        rules = {one.name: one.rule for one in addresses()}
        browser, seen, many = self.browser(role), set[str](), dict[str, int]()
        waiting = [url for name, url in self.urls().items() if "GET" in rules[name].methods]
        for path in waiting:
            name = view_of(path)
            if path in seen or name not in rules or many.get(name, 0) >= most:
                continue
            seen.add(path)
            many[name] = many.get(name, 0) + 1
            if "GET" not in rules[name].methods or rules[name].needs not in roles()[role].may:
                continue
            answer = browser.get(path)
            if answer.status_code in {301, 302, 303}:
                waiting.append(answer["Location"])
            elif answer["Content-Type"].startswith("text/html") and answer.status_code == 200:
                body = answer.content.decode()
                yield path, body
                waiting += [html.unescape(link) for link in LINK.findall(body)]

    def forms(self, role: str) -> Forms:
        """Return every kind of posting form that a role meets, with a page where it stands; walked once."""
        if role not in self.met:
            met = self.met.setdefault(role, {})
            for path, body in self.pages(role):
                for one in forms_of(body, at=path):
                    met.setdefault(one.shape, (path, one))
            self.put_back()  # looking is written into the diary
        return self.met[role]

    def browser(self, role: str, **more: Any) -> Client:
        """Return the browser of a person of a role."""
        return desk.signed_in(self.world.member(role), raises=False, **more)


@pytest.fixture(scope="session")
def committed(django_db_setup: None, django_db_blocker: Any, test_database: Throwaway) -> Iterator[Standing]:
    """Play the world once for all proofs, and keep a copy of it beside the test database."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            world = World("Northside")
            for key in roles():
                if key not in {"system", "patient"}:
                    world.member(key)
        standing = Standing(world, test_database)
        standing.keep()
        test_database.renew()
        yield standing


@pytest.fixture
def standing(committed: Standing, django_db_blocker: Any) -> Iterator[Standing]:
    """The world as it stood after the play; afterwards the database is empty again for other tests."""
    with django_db_blocker.unblock():
        committed.put_back()
        yield committed
        connections.close_all()
        committed.throwaway.renew()
