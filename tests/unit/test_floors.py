"""The floors of the house: README's table, enforced in both languages by one list of rules.

A rule reads one file and says what is wrong with it. Every rule proves itself on a file made
to break it: a rule that cannot fail protects nothing.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]

FLOORS = {  # floor: (server, pwa), as README shows it
    3: (("app.py", "cli.py", "demo/"), ("main.tsx", "service_worker.ts", "app/")),
    2: (("features/*", "office/"), ("features/*",)),
    1: (("the other server modules", "messages/"), ("platform/", "ui/")),
    0: (("sync/*.py",), ("sync/*.ts",)),
}

LONGEST_FILE = 450  # lines; past that a file is more than one room
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "manager", "managers"}
SEALER = "pwa/src/platform/vault.ts"

# `sync/` decides the same on every machine and at every time: nothing of the outside gets in.
IMPURE_MODULES = {
    "flask", "peewee", "playhouse", "nacl", "requests", "sqlite3", "psycopg",
    "time", "random", "secrets", "uuid", "os", "socket", "pathlib", "io", "shutil", "tempfile",
    "subprocess", "threading", "asyncio", "urllib", "http", "logging",
}  # fmt: skip
IMPURE_CALLS = {
    "open", "input", "print", "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
}  # fmt: skip
IMPURE_TYPESCRIPT = re.compile(
    r"\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bMath\.random\b|\bcrypto\b|\bfetch\("
    r"|\blocalStorage\b|\bindexedDB\b|\bprocess\."
)
FETCH = re.compile(r"(?<![\w.])(?:window\.|self\.|globalThis\.)?fetch\(|\bXMLHttpRequest\b")

COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
TYPESCRIPT_IMPORT = re.compile(
    r"\bfrom\s*[\"']([^\"']+)[\"']|\bimport\s*\(?\s*[\"']([^\"']+)[\"']"
    r"|\bnew URL\(\s*[\"'](\.[^\"']+)[\"']"
)


@dataclass(frozen=True)
class Source:
    """One file of ours: its place in the tree and its text."""

    root: Path
    path: str

    @cached_property
    def text(self) -> str:
        return (self.root / self.path).read_text(encoding="utf-8")

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    @cached_property
    def code(self) -> str:
        """TypeScript without its comments."""
        return COMMENT.sub("", self.text)

    @cached_property
    def imports(self) -> list[str]:
        """What it imports: paths within the tree without suffix, or names of packages."""
        return list(self._python_imports() if self.is_python else self._typescript_imports())

    def _python_imports(self) -> Iterator[str]:
        package = PurePosixPath(self.path).parent.parts
        for node in ast.walk(ast.parse(self.text)):
            if isinstance(node, ast.Import):
                yield from (alias.name.replace(".", "/") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else ()
                base = "/".join([*above, *(node.module or "").split(".")]).rstrip("/")
                yield from (self._submodule(base, alias.name) for alias in node.names)

    def _submodule(self, base: str, name: str) -> str:
        """`from a import b` means a/b when that is a module, else a."""
        below = self.root / base / name
        return f"{base}/{name}" if below.is_dir() or below.with_suffix(".py").is_file() else base

    def _typescript_imports(self) -> Iterator[str]:
        for groups in TYPESCRIPT_IMPORT.findall(self.code):
            target = next(filter(None, groups)).split("?")[0]
            if target.startswith("."):
                target = normal(PurePosixPath(self.path).parent / target)
            yield re.sub(r"\.(ts|tsx|js)$", "", target.replace("@sync/", "sync/"))


def normal(path: PurePosixPath) -> str:
    """Resolve `..` without asking the disk."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def floor_of(path: str) -> int | None:
    """The floor a path (with or without suffix) stands on; None for what is not ours."""
    if path.split("/")[0] == "sync":
        return 0
    for side, folder in enumerate(("server/", "pwa/src/")):
        if path.startswith(folder):
            inside = path.removeprefix(folder)
            for floor, cells in FLOORS.items():
                if any(stands_in(inside, cell) for cell in cells[side]):
                    return floor
            return 1 if side == 0 else None
    return None


def stands_in(inside: str, cell: str) -> bool:
    if cell.endswith("/"):
        return f"{inside}/".startswith(cell)
    return fnmatch(inside, cell) or inside == re.sub(r"\.\w+$", "", cell)


def unit_of(path: str) -> str:
    """What may not import its neighbours: one feature, or the office."""
    parts = path.removeprefix("pwa/src/").removeprefix("server/").split("/")
    return re.sub(r"\.\w+$", "", "/".join(parts[:2]) if parts[0] == "features" else parts[0])


# The rules: each yields what is wrong with one file.


def imports_downward(source: Source) -> Iterator[str]:
    floor = floor_of(source.path)
    if floor is None:
        return
    for target in source.imports:
        below = floor_of(target)
        if below is not None and below > floor:
            yield f"floor {floor} imports {target} of floor {below}"


def stands_on_a_floor(source: Source) -> Iterator[str]:
    code = source.path.startswith("pwa/src/") and not source.path.endswith((".css", ".d.ts"))
    if code and floor_of(source.path) is None:
        yield "stands on no floor"


def features_do_not_know_each_other(source: Source) -> Iterator[str]:
    if floor_of(source.path) == 2:
        for target in source.imports:
            if floor_of(target) == 2 and unit_of(target) != unit_of(source.path):
                yield f"imports its neighbour {target}"


def sync_is_pure(source: Source) -> Iterator[str]:
    if not source.path.startswith("sync/"):
        return
    for target in source.imports:
        outside = target.split("/")[0] in IMPURE_MODULES if source.is_python else True
        if outside and not target.startswith("sync/"):
            yield f"imports {target}"
    calls = (
        impure_calls(source.text) if source.is_python else IMPURE_TYPESCRIPT.findall(source.code)
    )
    yield from (f"reaches outside with {call}" for call in calls)


def impure_calls(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = ".".join(ast.unparse(node.func).split(".")[-2:])
            if called in IMPURE_CALLS:
                yield f"{called}()"


def views_only_show(source: Source) -> Iterator[str]:
    """A screen asks its store; it touches neither the database, nor keys, nor the network."""
    if source.path.startswith("pwa/src/") and source.path.endswith(".tsx"):
        yield from (f"imports {t}" for t in source.imports if t.startswith(("dexie", "libsodium")))
        if FETCH.search(source.code):
            yield "fetches"


def screen_store_model(source: Source) -> Iterator[str]:
    """Inside a feature: screen → store → model."""
    order = {"model": 0, "store": 1, "screen": 2}
    name = PurePosixPath(source.path).stem
    if source.path.startswith("pwa/src/features/") and name in order:
        for target in source.imports:
            if order.get(PurePosixPath(target).name, 0) > order[name]:
                yield f"{name} imports {target}"


def components_know_no_platform(source: Source) -> Iterator[str]:
    if source.path.startswith("pwa/src/ui/"):
        yield from (f"imports {t}" for t in source.imports if t.startswith("pwa/src/platform"))


def one_file_seals(source: Source) -> Iterator[str]:
    if source.path.startswith("pwa/src/") and source.path != SEALER:
        yield from (f"imports {t}" for t in source.imports if t.startswith("libsodium"))


def migrations_are_frozen(source: Source) -> Iterator[str]:
    """A migration that imports a live model changes its meaning when the model changes."""
    if re.match(r"server/migrations/\d", source.path):
        yield from (f"imports {t}" for t in source.imports if re.match(r"(server|sync)\b", t))


def production_knows_no_tests(source: Source) -> Iterator[str]:
    if not source.path.startswith("tests/"):
        yield from (f"imports {t}" for t in source.imports if t.split("/")[0] == "tests")


def is_one_room(source: Source) -> Iterator[str]:
    lines = source.text.count("\n")
    # What is written from declarations is read in the declarations.
    is_written = source.text.startswith("// Written by `zuzweit generate`")
    if lines > LONGEST_FILE and not is_written:
        yield f"has {lines} lines, more than {LONGEST_FILE}"


def is_named_for_what_it_does(source: Source) -> Iterator[str]:
    words = set(re.split(r"[/_.-]", source.path.lower()))
    yield from (f"is named {word}" for word in sorted(words & NAMES_THAT_SAY_NOTHING))


RULES = [
    imports_downward,
    stands_on_a_floor,
    features_do_not_know_each_other,
    sync_is_pure,
    views_only_show,
    screen_store_model,
    components_know_no_platform,
    one_file_seals,
    migrations_are_frozen,
    production_knows_no_tests,
    is_one_room,
    is_named_for_what_it_does,
]


def sources(root: Path) -> Iterator[Source]:
    for folder in ("server", "sync", "pwa/src", "tests"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".ts", ".tsx", ".css"} and "static_pwa" not in path.parts:
                yield Source(root, path.relative_to(root).as_posix())


def complaints(root: Path) -> list[str]:
    return [
        f"{source.path} {wrong} ({rule.__name__})"
        for source in sources(root)
        for rule in RULES
        for wrong in rule(source)
    ]


def floors_table() -> str:
    def cell(places: tuple[str, ...]) -> str:
        return ", ".join(place if " " in place else f"`{place}`" for place in places)

    rows = [f"| {floor} | {cell(s)} | {cell(p)} |" for floor, (s, p) in FLOORS.items()]
    return "\n".join(["| floor | server | pwa |", "|---|---|---|", *rows])


def test_the_house_keeps_its_floors() -> None:
    assert complaints(ROOT) == []


def test_readme_shows_the_same_floors() -> None:
    assert floors_table() in (ROOT / "README.md").read_text(encoding="utf-8")


BROKEN = [
    ("server/db.py", "from server.app import create_app", "imports_downward"),
    ("server/db.py", "def late():\n    import server.features.cases", "imports_downward"),
    ("server/messages/mail.py", "from ..features import cases", "imports_downward"),
    ("server/features/cases.py", "from server import app", "imports_downward"),
    ("server/features/visits/rules.py", "from server import cli", "imports_downward"),
    ("sync/clock.py", "from server.db import database", "imports_downward"),
    ("pwa/src/platform/db.ts", 'import { x } from "../features/cases/store";', "imports_downward"),
    ("pwa/src/ui/list.tsx", 'export * from "../main.tsx";', "imports_downward"),
    ("pwa/src/features/cases/store.ts", 'const m = import("../../main");', "imports_downward"),
    ("pwa/src/stray.ts", "export const x = 1;", "stands_on_a_floor"),
    ("server/features/cases.py", "import server.features.visits", "features_do_not_know"),
    ("server/features/visits/rules.py", "from ..cases import Case", "features_do_not_know"),
    ("server/office/pages.py", "from server.features import cases", "features_do_not_know"),
    (
        "pwa/src/features/cases/screen.tsx",
        'import {\n  visits,\n} from "../visits/store";',
        "features_do_not_know",
    ),
    ("sync/clock.py", "import time", "sync_is_pure"),
    ("sync/clock.py", "from os import path", "sync_is_pure"),
    ("sync/clock.py", "from datetime import datetime\ndatetime.now()", "sync_is_pure"),
    ("sync/codes.py", "x = open('y')", "sync_is_pure"),
    ("sync/clock.ts", "const t = Date.now();", "sync_is_pure"),
    ("sync/clock.ts", "const t = new Date();", "sync_is_pure"),
    ("sync/clock.ts", "const r = Math.random();", "sync_is_pure"),
    ("sync/codes.ts", "crypto.getRandomValues(b);", "sync_is_pure"),
    ("sync/codes.ts", 'await fetch("/api");', "sync_is_pure"),
    ("sync/codes.ts", 'import Dexie from "dexie";', "sync_is_pure"),
    ("pwa/src/features/cases/screen.tsx", 'import Dexie from "dexie";', "views_only_show"),
    ("pwa/src/features/cases/screen.tsx", 'void fetch("/api/x");', "views_only_show"),
    ("pwa/src/features/cases/model.ts", 'import { x } from "./store";', "screen_store_model"),
    ("pwa/src/features/cases/store.ts", 'import { x } from "./screen.tsx";', "screen_store_model"),
    ("pwa/src/ui/list.tsx", 'import { db } from "../platform/db";', "components_know_no"),
    ("pwa/src/platform/db.ts", 'import s from "libsodium-wrappers-sumo";', "one_file_seals"),
    ("server/migrations/0001_start.py", "from server.db import Model", "migrations_are_frozen"),
    ("server/db.py", "from tests.chromium import executable", "production_knows_no_tests"),
    ("pwa/src/platform/db.ts", 'import "../../../tests/unit/x";', "production_knows_no_tests"),
    ("server/long.py", "x = 1\n" * (LONGEST_FILE + 1), "is_one_room"),
    ("server/date_utils.py", "x = 1", "is_named_for_what_it_does"),
    ("pwa/src/platform/sync-manager.ts", "export {};", "is_named_for_what_it_does"),
]

SOUND = [
    ("sync/long.ts", "// Written by `zuzweit generate`\n" * (LONGEST_FILE + 1)),
    ("server/app.py", "from server.features import cases, visits\nfrom server import office"),
    ("server/features/cases.py", "from server import db\nfrom sync import clock\nimport time"),
    ("server/features/visits/rules.py", "from . import tables\nfrom .tables import Visit"),
    ("server/office/pages.py", "from server.access import person"),
    ("server/migrations/0001_start.py", "from peewee import SQL"),
    ("sync/clock.py", "from sync.codes import Code\nfrom dataclasses import dataclass"),
    ("sync/clock.ts", '// Date.now() comes in as an argument\nimport { C } from "./codes.ts";'),
    ("pwa/src/main.tsx", 'import "./ui/theme.css";\nimport { C } from "./features/cases/screen";'),
    ("pwa/src/features/cases/store.ts", 'import { x } from "./model";\nawait fetch("/api");'),
    ("pwa/src/features/cases/screen.tsx", 'const url = "https://x/y";\nprefetch(url);'),
    ("pwa/src/platform/vault.ts", 'import s from "libsodium-wrappers-sumo";'),
]


def tree(root: Path, path: str, text: str) -> Path:
    """A small house with the modules that the snippets mention, and one file put into it."""
    for known in ("server/app.py", "server/cli.py", "server/features/cases.py"):
        (root / known).parent.mkdir(parents=True, exist_ok=True)
        (root / known).touch()
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(("path", "text", "rule"), BROKEN, ids=[f"{b[2]}-{b[0]}" for b in BROKEN])
def test_a_broken_file_is_named(tmp_path: Path, path: str, text: str, rule: str) -> None:
    found = complaints(tree(tmp_path, path, text))
    assert any(line.startswith(path) and f"({rule}" in line for line in found), found


@pytest.mark.parametrize(("path", "text"), SOUND, ids=[s[0] for s in SOUND])
def test_a_sound_file_is_left_alone(tmp_path: Path, path: str, text: str) -> None:
    assert complaints(tree(tmp_path, path, text)) == []


def test_every_rule_has_a_file_that_breaks_it() -> None:
    proven = {
        rule.__name__ for rule in RULES if any(rule.__name__.startswith(b[2]) for b in BROKEN)
    }
    assert proven == {rule.__name__ for rule in RULES}
