"""The Jinja environment: sandboxed, strict, escaping; and what it adds to Jinja for cards."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateAssertionError,
    TemplateSyntaxError,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from pydantic import BaseModel

from generator.cards.markdown import plain
from generator.cards.phrases import label
from generator.model.templates import BUNDLED, Templates

MAX_ROUNDS = 100_000
"""How often all loops of a template together may go round for one note."""
_UNBOUNDED = ("center", "format", "indent", "pprint", "wordwrap")
"""Filters that make a text of any length from a number."""
_UNBOUNDED_METHODS = frozenset(
    ["center", "expandtabs", "format", "format_map", "join", "ljust", "replace", "rjust", "translate", "zfill"]
)
"""Methods of a text that make one of any length."""
_NOTHING: Mapping[str, Any] = {}
Block = Callable[[Context], Iterator[str]]


class When(Extension):
    """`{% when field.Clue %}…{% endwhen %}` and `{% unless field.Clue %}…{% endunless %}`.

    For Anki they print Anki's own sections, which appear when a field is filled or is not; for a note they decide.
    """

    tags = {"when", "unless"}  # noqa: RUF012  # Jinja's own declaration

    def parse(self, parser: Parser) -> nodes.Node:
        token = next(parser.stream)
        subject = parser.parse_expression()
        body = parser.parse_statements((f"name:end{token.value}",), drop_needle=True)
        call = self.call_method("_section", [subject, nodes.Const(token.value == "when")])
        return nodes.CallBlock(call, [], [], body).set_lineno(token.lineno)

    def _section(self, subject: Any, wanted: bool, caller: Callable[[], str]) -> str:
        return Markup(subject.section(wanted, caller))


class CardEnvironment(Environment):
    """Jinja without guards, for templates that came with Aetia. Remembers by name which template extends which."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.parents: dict[str | None, str] = {}

    def start(self) -> None:
        """Prepare for a note, or a side of a card."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for extends in tree.find_all(nodes.Extends) if "extends" in source else ():
            if isinstance(extends.template, nodes.Const):
                self.parents[name] = extends.template.value
        return tree


class Sandbox(ImmutableSandboxedEnvironment, CardEnvironment):
    """Jinja's sandbox, in which a template sees the values of a model and none of its methods.

    Jinja judges an attribute by its name and the type of its object alone, so that one verdict for each pair will do.
    """

    intercepted_binops = frozenset(["*", "**", "%"])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._verdicts: dict[tuple[type, str], bool] = {}
        self._rounds = 0
        for name in _UNBOUNDED:
            del self.filters[name]

    def start(self) -> None:
        """Begin to count the rounds of loops anew: for each note, and each side of a card."""
        self._rounds = 0

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse what makes endless texts or numbers of short ones."""
        texts = isinstance(left, str) or isinstance(right, str)
        if operator == "**" or (texts and not isinstance(left, int | float) == isinstance(right, int | float)):
            raise SecurityError(f"`{operator}` is not allowed here")
        return super().call_binop(context, operator, left, right)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for asked, line in _names(tree):
            if asked.startswith("_"):
                raise TemplateSyntaxError(
                    f"`{asked}` reaches into Python, which a template may not", line, None, filename
                )
        for loop in tree.find_all(nodes.For):
            call = nodes.Call(nodes.EnvironmentAttribute("count_round"), [], [], None, None)
            loop.body.insert(0, nodes.ExprStmt(call).set_lineno(loop.lineno))
        return tree

    def count_round(self) -> None:
        """Stop a template whose loops go round too often."""
        self._rounds += 1
        if self._rounds > MAX_ROUNDS:
            raise SecurityError(f"the loops of this template go round more than {MAX_ROUNDS} times")

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, BaseModel):
            return attr in obj.__dict__
        if isinstance(obj, str) and attr in _UNBOUNDED_METHODS:
            return False
        asked = type(obj), attr
        if asked not in self._verdicts:
            self._verdicts[asked] = super().is_safe_attribute(obj, attr, value)
        return self._verdicts[asked]

    def getattr(self, obj: Any, attribute: str) -> Any:
        values = getattr(obj, "__dict__", _NOTHING)
        if attribute in values and not attribute.startswith("_"):
            return values[attribute]
        return super().getattr(obj, attribute)


def _names(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Every name by which a template asks for a part of something, with its line."""
    for attribute in tree.find_all(nodes.Getattr):
        yield attribute.attr, attribute.lineno
    for item in tree.find_all(nodes.Getitem):
        if isinstance(item.arg, nodes.Const) and isinstance(item.arg.value, str):
            yield item.arg.value, item.lineno


def make_environment(templates: Templates, trusted: bool = False) -> CardEnvironment:
    """Return an environment that reads the given templates and whose errors name the author's files.

    A trusted one reads only what came with Aetia, and spares itself the guards against a stranger's templates.
    """

    def load(name: str) -> tuple[str, str | None, Callable[[], bool]] | None:
        name = BUNDLED + name.removeprefix(BUNDLED) if trusted else name
        if name not in templates.texts:
            return None
        return templates.texts[name], str(templates.files[name]), lambda: True

    environment = (CardEnvironment if trusted else Sandbox)(
        loader=FunctionLoader(load), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        extensions=[When], cache_size=-1, auto_reload=False,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )  # fmt: skip
    environment.globals["label"] = label
    return environment


class Blocks:
    """The named blocks of one template, those of the templates that it extends included."""

    def __init__(self, environment: CardEnvironment, name: str) -> None:
        self._environment = environment
        self._template = environment.get_template(name)
        self._globals = dict(self._template.globals)
        self._chain: dict[str, list[Block]] = {}
        for template in _ancestry(environment, self._template):
            for block, render in template.blocks.items():
                self._chain.setdefault(block, []).append(render)

    def __contains__(self, block: str) -> bool:
        return block in self._chain

    def render(self, block: str, variables: Mapping[str, Any]) -> str:
        """Render one block. Raises TemplateAssertionError if there is no such block."""
        if block not in self._chain:
            raise TemplateAssertionError(
                f"there is no block `{block}`", 1, self._template.name, self._template.filename
            )
        context = Context(self._template.environment, {**self._globals, **variables}, self._template.name, {})
        self._environment.start()
        context.blocks = self._chain  # as Jinja does itself when a template extends another
        try:
            return "".join(self._chain[block][0](context))
        except Exception:
            self._template.environment.handle_exception()  # raises it again with the lines of the template


def _ancestry(environment: CardEnvironment, template: Template) -> Iterable[Template]:
    """The template, then the one it extends, and so on."""
    yield template
    while parent := environment.parents.get(template.name):
        template = environment.get_template(parent)
        yield template
