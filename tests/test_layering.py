"""The architecture, kept: who may import whom, who may print, exit or remember."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import generator

PACKAGE = Path(generator.__file__).parent
MODULES = {
    ".".join(("generator", *file.relative_to(PACKAGE).with_suffix("").parts)): ast.parse(file.read_text("utf-8"))
    for file in sorted(PACKAGE.rglob("*.py"))
}

FLOORS = (
    ("diagnostics", "files", "resources"),
    ("text",),
    ("model",),
    ("load", "check", "cards", "ledger"),
    ("package", "screen"),
    ("changes", "print", "preview", "project", "rehearsal"),
    ("workflows",),
    ("report",),
    ("cli",),
)
"""From the ground up: a room imports from itself and from the floors below, not from others of its floor."""

FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

OWNERS = {
    "anki": {"package", "rehearsal"},  # in package, to read what other programs wrote
    "genanki": {"package"},
    "plutoprint": {"print"},
    "weasyprint": {"print"},
    "pikepdf": {"print"},
    "PIL": {"load", "print", "text"},
    "pyphen": {"print"},
    "starlette": {"preview"},
    "uvicorn": {"preview"},
    "watchfiles": {"preview"},
    "jinja2": {"cards"},
    "ryaml": {"load", "project"},  # read in load; the author's files are added to in project
    "yaml": {"load", "project"},
    "click": {"cli", "report"},
}
"""Which rooms may import a package that shapes the architecture."""


def layer_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "generator"


def imports(tree: ast.Module, typing_too: bool = True) -> Iterator[str]:
    """The dotted names that a module imports; those only for the type checker may be left out."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide the layer"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and not typing_too and "TYPE_CHECKING" in ast.unparse(node.test):
            pending += node.orelse
        else:
            pending += ast.iter_child_nodes(node)


def test_a_room_imports_only_from_itself_and_from_the_floors_below():
    unlisted = {layer_of(name) for name in MODULES} - {*FLOOR_OF, "generator", "__init__"}
    assert not unlisted, f"give {unlisted} a place in FLOORS"
    wrong = []
    for name, tree in MODULES.items():
        own = layer_of(name)
        for imported in imports(tree, typing_too=False):
            parts = imported.split(".")
            if parts[0] != "generator" or own == "__init__":
                continue
            other = parts[1] if len(parts) > 1 else "__init__"
            if other != own and FLOOR_OF[other] >= FLOOR_OF[own]:
                wrong.append(f"{name} imports {imported}")
    assert not wrong


def test_the_command_line_reaches_the_rooms_through_the_workflows():
    """A command turns options into one call of a workflow and its result into a report, and knows the nouns."""
    allowed = {"cli", "workflows", "report", "model", "diagnostics", "resources"}
    wrong = [
        f"{name} imports {imported}"
        for name, tree in MODULES.items()
        if layer_of(name) == "cli"
        for imported in imports(tree, typing_too=False)
        if imported.startswith("generator.") and imported.split(".")[1] not in allowed
    ]
    assert not wrong


def test_only_the_layer_that_owns_a_library_imports_it():
    wrong = [
        f"{name} imports {imported}"
        for name, tree in MODULES.items()
        for imported in imports(tree)
        if layer_of(name) not in OWNERS.get(imported.split(".")[0], {layer_of(name)})
    ]
    assert not wrong


def calls(tree: ast.Module) -> Iterator[str]:
    return (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_all_that_is_printed_goes_through_one_door():
    printing = {"print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write"}
    wrong = [
        f"{name}: {call}"
        for name, tree in MODULES.items()
        if name != "generator.report.terminal"
        for call in calls(tree)
        if call in printing
    ]
    assert not wrong


def test_only_the_command_line_exits():
    exits = {"exit", "quit", "sys.exit", "os._exit", "SystemExit"}
    wrong = [
        f"{name}: {call}"
        for name, tree in MODULES.items()
        if layer_of(name) != "cli"
        for call in calls(tree)
        if call in exits
    ]
    assert not wrong


def test_only_the_command_line_reads_the_clock_and_the_environment():
    readings = ("time.time", "datetime.now", "date.today", "os.environ", "os.getenv")
    wrong = [
        f"{name}: {ast.unparse(node)}"
        for name, tree in MODULES.items()
        if layer_of(name) != "cli"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node).endswith(readings)
    ]
    assert not wrong


def test_no_module_keeps_state_that_could_change():
    """A dict at the top of a module is a table with a name in capitals; there are no lists or sets and no `global`."""
    wrong = []
    for name, tree in MODULES.items():
        wrong += [f"{name}: global" for node in ast.walk(tree) if isinstance(node, ast.Global)]
        for node in tree.body:
            if not isinstance(node, ast.Assign | ast.AnnAssign):
                continue
            target = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
            made = ast.unparse(node.value.func) if isinstance(node.value, ast.Call) else ""
            table = target.isupper() and isinstance(node.value, ast.Dict | ast.DictComp)
            mutable = ast.List | ast.Set | ast.ListComp | ast.SetComp | ast.Dict | ast.DictComp
            if (isinstance(node.value, mutable) and not table) or made in ("list", "dict", "set", "Counter"):
                wrong.append(f"{name}: {target}")
    assert not wrong


def test_modules_stay_small_and_have_names_of_their_own():
    vague = {"utils", "helpers", "common", "misc", "manager", "base", "core"}
    assert not [name for name in MODULES if vague & set(name.split("."))]
    long = {name: lines for name in MODULES if (lines := _lines(name)) > 500}
    assert not long


def _lines(name: str) -> int:
    file = PACKAGE.parent.joinpath(*name.split(".")).with_suffix(".py")
    return len(file.read_text("utf-8").splitlines()) if file.exists() else 0


def test_help_does_not_wait_for_heavy_imports():
    """What the help of a command imports is the standard library and Click."""
    heavy = {"pydantic", "jinja2", "genanki", "ryaml", "yaml", "nh3", "pyromark", "rapidfuzz", "sqlite3", "lzma"}
    code = """import sys; from generator.cli.main import COMMANDS, main
for name in COMMANDS: assert main.get_command(None, name)
print(*sorted({module.split('.')[0] for module in sys.modules}))"""
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not heavy & set(loaded)


def test_the_list_of_commands_imports_no_command():
    code = """import sys, click; from generator.cli.main import main
assert "Commands:" in main.get_help(click.Context(main))
print(*sorted(name for name in sys.modules if name.startswith("generator.")))"""
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    expected = ("cli", "cli.groups", "cli.main", "report", "report.terminal")
    assert loaded == [f"generator.{name}" for name in expected]
