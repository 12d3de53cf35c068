"""What imports cannot say, read from the syntax tree of every file."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import FloatField, ForeignKey, ManyToManyField, Model

CLONE = Path(__file__).resolve().parent.parent
PACKAGE = CLONE / "src" / "daysheet"
PROJECT = tomllib.loads((CLONE / "pyproject.toml").read_text())
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
SOURCES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.relative_to(PACKAGE).parts)
TREES = {path: ast.parse(path.read_text()) for path in SOURCES}

WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
}
EDGES = {
    "practice/founding.py": "the practice itself, before there is a practice to act in",
    "practice/signing_in.py": "sessions, before a practice acts",
}
CLOCK_EDGES = (
    "site/",
    "kernel/clock.py",
    "kernel/sealing.py",
    "kernel/models.py",
    "kernel/ids.py",
    "phones/receiving.py",  # a machine's stamp is held against the real clock, not a training one
    "practice/signing_in.py",
    "academy/public.py",  # public pages have no office whose clock could tell
)


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr


def is_command_file(path: Path) -> bool:
    parts = path.relative_to(PACKAGE).parts
    return len(parts) > 1 and (parts[1].startswith("commands") or parts[0] == "kernel")


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_rows_are_written_in_commands_alone(path: Path) -> None:
    if is_command_file(path) or name_of(path) in EDGES:
        return
    found = [
        f"line {call.lineno}: .{attr}("
        for call, attr in calls(TREES[path])
        if attr in WRITES and "objects" in ast.unparse(call.func)
    ]
    assert found == []


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if is_command_file(p) and "kernel" not in p.parts], ids=name_of
)
def test_every_public_function_of_commands_is_a_command(path: Path) -> None:
    bare = [
        node.name
        for node in TREES[path].body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not any("command" in ast.unparse(d) for d in node.decorator_list)
    ]
    assert bare == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nobody_below_the_edge_reads_a_clock(path: Path) -> None:
    if name_of(path).startswith(CLOCK_EDGES) or path.name == "jobs.py":
        return
    text = path.read_text()
    assert not re.search(
        r"timezone\.now\(|date\.today\(|datetime\.now\(|utcnow\(|time\.time\(|system_now\(", text
    )


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_file_is_longer_than_500_lines_and_no_function_than_60(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 500
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= 60
    ]
    assert long == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_have_a_docstring_and_a_name_that_says_what_they_hold(path: Path) -> None:
    assert ast.get_docstring(TREES[path]) or not path.read_text().strip()
    assert path.stem not in {
        "utils",
        "helpers",
        "managers",
        "services",
        "base",
        "common",
        "misc",
        "core",
    } or (
        name_of(path) == "kernel/pg/base.py"  # the name Django asks of a database backend
    )


@pytest.mark.parametrize("path", [PACKAGE / room / "__init__.py" for room in ROOMS], ids=name_of)
def test_every_room_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(TREES[path])


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if p.name == "urls.py" or "urls" in p.parts], ids=name_of
)
def test_addresses_name_only_their_own_rooms_views(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0]
    imported = [
        node.module or ""
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.ImportFrom) and ".views" in f"{node.module}."
    ]
    assert [m for m in imported if not m.startswith(f"daysheet.{room}")] == []


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if "views" in p.stem or "/views/" in name_of(p)], ids=name_of
)
def test_every_view_says_who_may_open_it_and_catches_refusals_alone(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] == "ui":
        return
    functions = [n for n in TREES[path].body if isinstance(n, ast.FunctionDef) and n.args.args]
    views = [
        f for f in functions if f.args.args[0].arg in {"request", "_request"} and not f.name.startswith("_")
    ]
    assert [f.name for f in views if not any("screen" in ast.unparse(d) for d in f.decorator_list)] == []
    caught = [
        ast.unparse(handler.type) if handler.type else "everything"
        for handler in ast.walk(TREES[path])
        if isinstance(handler, ast.ExceptHandler)
    ]
    allowed = re.compile(
        r"Refusal|DoesNotExist|NoReverseMatch|[A-Z]\w+(Taken|Form|Elsewhere|IsPast|Hours|Identity)"
    )
    assert [what for what in caught if not allowed.search(what)] == []


def test_no_money_is_a_float_and_no_link_table_makes_itself() -> None:
    ours = [m for m in apps.get_models() if m.__module__.startswith("daysheet.")]
    fields = [(m.__name__, f) for m in ours for f in m._meta.get_fields()]
    assert [(m, f.name) for m, f in fields if isinstance(f, FloatField)] == []
    own = [(m.__name__, f.name) for m in ours for f in m._meta.local_many_to_many if m.__name__ != "User"]
    assert own == []
    assert not any(isinstance(f, ManyToManyField) and m != "User" for m, f in fields)


def test_names_of_models_and_querysets_are_unique() -> None:
    """The type checker's incremental run breaks on a repeated one."""
    names = [
        node.name
        for path, tree in TREES.items()
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and (path.stem == "models" or "models" in path.parts or node.name.endswith(("QuerySet", "Manager")))
    ]
    assert sorted(names) == sorted(set(names))


def floors() -> list[list[str]]:
    contract = next(
        c
        for c in PROJECT["tool"]["importlinter"]["contracts"]
        if c["type"] == "layers" and c.get("exhaustive")
    )
    return [[room.strip("() ") for room in layer.split("|")] for layer in contract["layers"]]


def test_foreign_keys_by_name_go_down_too() -> None:
    height = {room: -level for level, layer in enumerate(floors()) for room in layer}
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("daysheet."):
            continue
        for field in model._meta.local_fields:
            target: type[Model] | None = field.remote_field.model if isinstance(field, ForeignKey) else None  # type: ignore[assignment]
            if target is None or not target.__module__.startswith("daysheet."):
                continue
            here, there = model.__module__.split(".")[1], target.__module__.split(".")[1]
            if here != there and height[there] >= height[here]:
                wrong.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert wrong == []


def test_the_insurance_company_is_kept_from_every_room_that_is_not_furniture() -> None:
    contract = next(c for c in PROJECT["tool"]["importlinter"]["contracts"] if "insurance" in c["name"])
    open_to_it = {"formats", "kernel", "ui", "practice", "mailroom", "payer", "site"}
    assert {m.removeprefix("daysheet.") for m in contract["forbidden_modules"]} == set(ROOMS) - open_to_it


PARTIALS = sorted(PACKAGE.glob("*/jinja2/*/*.html"))


def test_pieces_begin_with_an_underscore_and_pages_extend_a_base() -> None:
    macros = re.compile(r"{%-?\s*macro ")
    wrong = []
    for path in PARTIALS:
        text = path.read_text()
        is_page = bool(re.search(r"{%-?\s*extends ", text))
        if (
            is_page == path.name.startswith("_")
            and not macros.search(text)
            and path.name not in {"base.html", "plain.html", "layout.html"}
        ):
            wrong.append(path.relative_to(PACKAGE).as_posix())
    assert wrong == []


def test_no_template_holds_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|hx-on|js:", re.I)
    found = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in sorted(PACKAGE.rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if inline.search(line) and "data-allauth-onload" not in line
    ]
    assert found == []


TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=CLONE, capture_output=True, text=True, check=False
).stdout.split()
TEXTS = [
    CLONE / name
    for name in TRACKED
    if (CLONE / name).is_file() and not name.endswith((".lock", "package-lock.json"))
]


def test_no_five_digit_procedure_code_is_anywhere() -> None:
    """Procedure codes of five digits are the AMA's; ours begin with a letter."""
    shape = re.compile(
        r"""(?:HC[:>|^]|\bSV1\*HC:|code\s*[=:]\s*|procedure\w*\s*[=:(]\s*)["']?(\d{5})(?:["':,)]|\b)""", re.I
    )
    found = []
    for path in TEXTS:
        if path.suffix in {".py", ".toml", ".html", ".md", ".tsv", ".csv", ".edi", ".json", ".js"}:
            text = path.read_text(errors="replace")
            found += [
                f"{path.relative_to(CLONE)}: {match.group(1)}"
                for match in shape.finditer(text)
                if not re.search(
                    r"zip|postal|POSTCODE", text[max(0, match.start() - 12) : match.start()], re.I
                )
            ]
    assert found == []


def test_no_registry_host_and_no_foreign_path_is_named() -> None:
    hosts = re.compile(r"py" r"pi\.org|python" r"hosted\.org|registry\.npm" r"js|deb\.deb" r"ian\.org")
    found = [str(p.relative_to(CLONE)) for p in TEXTS if hosts.search(p.read_text(errors="replace"))]
    locks = [CLONE / name for name in TRACKED if name.endswith((".lock", "package-lock.json"))]
    found += [str(p.relative_to(CLONE)) for p in locks if hosts.search(p.read_text())]
    assert found == []


CODE = [path for path in TEXTS if path.suffix in {".py", ".toml", ".js", ".html", ".sql"}]
PAGES = sorted((CLONE / "docs" / "rooms").glob("*.md"))
PLACE = re.compile(r"[\w.*-]+/[\w./*-]*|[\w*-]+\.(?:py|toml|md|typ|sql)\b")
NOT_IN_THE_CLONE = {"var/", "../shared", "static/dist"}
NAME = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b|\b(?:[A-Z][a-z]+){2,}\b")


@cache
def words_of_the_code() -> frozenset[str]:
    return frozenset(re.findall(r"\w+", " ".join(path.read_text(errors="replace") for path in CODE)))


def stands_there(place: str) -> bool:
    return any(Path(name).match(place) or f"/{place}" in f"/{name}" for name in TRACKED)


def test_every_room_has_a_page() -> None:
    assert [room for room in ROOMS if room not in {path.stem for path in PAGES}] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda page: page.stem)
def test_a_rooms_page_names_only_what_is_there(path: Path) -> None:
    """What stands in backticks: places are files of the clone, names are words of the code."""
    wrong = []
    for said in re.findall(r"`([^`\n{]+)`", path.read_text()):
        places = [] if said.startswith("/") or said in NOT_IN_THE_CLONE else PLACE.findall(said)
        wrong += [place for place in places if not stands_there(place)]
        wrong += [name for name in NAME.findall(PLACE.sub("", said)) if name not in words_of_the_code()]
    assert wrong == []
