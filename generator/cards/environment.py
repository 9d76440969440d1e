"""The Jinja environment of cards: sandboxed, strict, escaping, with extensions for cards."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, wraps
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
from jinja2.runtime import Context, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import _PassArg
from jinja2.visitor import NodeTransformer
from markupsafe import Markup
from pydantic import BaseModel

from generator.cards.compiled import Compiled, read_compiled
from generator.cards.markdown import constant
from generator.cards.phrases import label
from generator.model.templates import BUNDLED, Templates

BUDGET = 10_000_000
"""The budget of a template for one side of a card: characters, list items and digits that it makes."""
_ROUND = 100
"""What a round of a loop, or a call, costs."""
_DIGITS = 10
"""What each unit of a number costs that a filter or method gets, such as the width of `center`."""
_FORMATS = frozenset(["format", "format_map"])
"""Text methods whose result has an unpredictable size."""
_LEFT_OUT = ("format", "pprint", "random")
"""Filters like these methods, or with a different result at each build."""
_KEPT = 500
"""How many compiled templates are kept."""
_NOTHING: Mapping[str, Any] = {}
Block = Callable[[Context], Iterator[str]]


class When(Extension):
    """`{% when field.Clue %}…{% endwhen %}` and `{% unless field.Clue %}…{% endunless %}`.

    Read for Anki, they print Anki's own sections, which depend on whether a field is filled. For a note, they decide.
    """

    tags = {"when", "unless"}  # noqa: RUF012  # Jinja's own declaration

    def parse(self, parser: Parser) -> nodes.Node:
        token = next(parser.stream)
        subject = parser.parse_expression()
        body = parser.parse_statements((f"name:end{token.value}",), drop_needle=True)
        call = self.call_method("_section", [subject, nodes.Const(token.value == "when")], lineno=token.lineno)
        return nodes.CallBlock(call, [], [], body, lineno=token.lineno)

    def _section(self, subject: Any, wanted: bool, caller: Callable[[], str]) -> str:
        return Markup(subject.section(wanted, caller))


class CardEnvironment(Environment):
    """Jinja without guards, for templates that come with Aetia. It caches by name which template extends which."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.parents: dict[str | None, str | None] = {}

    @staticmethod
    @cache
    def _compiled() -> Compiled:
        """Return the compiled templates of all environments of a class, because a process may prepare many decks."""
        return read_compiled()

    def start(self) -> None:
        """Prepare for a note or a side of a card."""

    def compile(self, source: Any, name: str | None = None, filename: str | None = None, *_: Any) -> Any:
        compiled = self._compiled()
        if len(compiled) > _KEPT:
            compiled.clear()
        made = compiled.get(key := (source, name, filename))
        if made is None:
            made = compiled[key] = super().compile(source, name, filename), self.parents.get(name)
        code, self.parents[name] = made
        return code

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for extends in tree.find_all(nodes.Extends) if "extends" in source else ():
            if isinstance(extends.template, nodes.Const):
                self.parents[name] = extends.template.value
        return tree


class Sandbox(ImmutableSandboxedEnvironment, CardEnvironment):
    """Jinja's sandbox, in which a template sees the values of a model but not its methods, and always ends.

    A template pays from a budget before it makes anything: rounds of loops, calls, filters, operators and output. Jinja
    judges an attribute only by its name and the type of its object, so one verdict per pair is cached.
    """

    intercepted_binops = frozenset(["+", "*", "**", "%"])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._verdicts: dict[tuple[type, str], bool] = {}
        self._left = BUDGET
        for name in _LEFT_OUT:
            del self.filters[name]
        self.globals.pop("lipsum")
        self.filters.update({name: self._metered(one) for name, one in self.filters.items()})

    @staticmethod
    @cache
    def _compiled() -> Compiled:
        return {}  # nothing of a stranger's templates is kept on disk

    def start(self) -> None:
        """Start a new budget for a note or a side of a card."""
        self._left = BUDGET

    def spend(self, cost: int) -> None:
        """Pay for what a template is about to make."""
        self._left -= cost
        if self._left < 0:
            raise SecurityError("this template makes too much text, or loops too often, for one side of a card")

    def put_out(self, value: Any) -> Any:
        """Pay for a template's output."""
        text = _text(value)
        self.spend(len(text))
        return constant(text) if type(text) is str else text

    def join(self, *parts: Any) -> str:
        """Do what `~` does."""
        texts = [_text(part) for part in parts]
        self.spend(sum(map(len, texts)))
        return markup_join(texts)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse operations that make huge texts or numbers from small ones."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise SecurityError(f"`{operator}` is not allowed here")
        if operator == "*" and not (isinstance(left, float) or isinstance(right, float)):
            self.spend(_times(left) * _times(right))
        else:
            self.spend(_size(left) + _size(right))
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        owner = getattr(called, "__self__", None)
        if owner is self:  # what `_Meter` put there
            return called(*args)
        given = {name: value for name, value in kwargs.items() if not name.startswith("_")}  # Jinja gives the others
        self.spend(_ROUND + _product(owner if isinstance(owner, str) else None, args, given))
        made = super().call(context, called, *args, **kwargs)
        self.spend(_size(made))
        return made

    def _metered(self, function: Callable[..., Any]) -> Callable[..., Any]:
        first = 0 if _PassArg.from_obj(function) is None else 1

        @wraps(function)
        def paid(*args: Any, **kwargs: Any) -> Any:
            self.spend(_ROUND + _product(args[first] if len(args) > first else None, args[first + 1 :], kwargs))
            made = function(*args, **kwargs)
            self.spend(_size(made))
            return made

        return paid

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for asked, line in _names(tree):
            if asked.startswith("_"):
                raise TemplateSyntaxError(
                    f"`{asked}` reaches into Python, which templates may not do", line, None, filename
                )
        _Meter().visit(tree)
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, BaseModel):
            return attr in obj.__dict__
        if isinstance(obj, str) and attr in _FORMATS:
            return False
        asked = type(obj), attr
        if asked not in self._verdicts:
            self._verdicts[asked] = super().is_safe_attribute(obj, attr, value)
        return self._verdicts[asked]

    def wrap_str_format(self, value: Any) -> None:
        """Close a way round `is_safe_attribute`."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        values = getattr(obj, "__dict__", _NOTHING)
        if attribute in values and not attribute.startswith("_"):
            return values[attribute]
        return super().getattr(obj, attribute)


class _Meter(NodeTransformer):
    """Makes a template pay for each round of a loop, and for what `~` joins."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  # Jinja's own name
        self.generic_visit(node)
        return nodes.Call(nodes.EnvironmentAttribute("join"), node.nodes, [], None, None).set_lineno(node.lineno)

    def _visit_body(self, node: Any) -> Any:
        self.generic_visit(node)
        cost = _ROUND + sum(len(text.data) for text in node.find_all(nodes.TemplateData))
        call = nodes.Call(nodes.EnvironmentAttribute("spend"), [nodes.Const(cost)], [], None, None)
        node.body.insert(0, nodes.ExprStmt(call).set_lineno(node.lineno))
        return node

    visit_For = visit_Macro = visit_CallBlock = visit_Block = visit_Template = _visit_body  # noqa: N815  # as above


def _text(value: Any) -> str:
    """Return a value as text, or as markup if it is markup."""
    if isinstance(value, str):
        return value
    return Markup(value.__html__()) if hasattr(value, "__html__") else str(value)


def _size(value: Any) -> int:
    """Return the size of a value: its characters, or its items with their characters."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, int):
        return value.bit_length() // 8
    if isinstance(value, list | tuple | set | frozenset | range):
        return len(value) + (
            0 if isinstance(value, range) else sum(len(item) for item in value if isinstance(item, str))
        )
    return sum(map(_size, (*value, *value.values()))) if isinstance(value, dict) else 1


def _times(value: Any) -> int:
    """Return the factor that an operand of `*` is: a number itself, or the size of a value."""
    return abs(value) if isinstance(value, int) else 1 + _size(value)


def _product(value: Any, args: Iterable[Any], kwargs: Mapping[str, Any]) -> int:
    """Return the most that a filter or method can make from a value and its arguments."""
    given = [_DIGITS * abs(arg) if isinstance(arg, int) else _size(arg) for arg in (*args, *kwargs.values())]
    return (1 + _size(value)) * (1 + max(given, default=0))


def _names(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Yield every name by which a template asks for a part of a value, with its line."""
    for attribute in tree.find_all(nodes.Getattr):
        yield attribute.attr, attribute.lineno
    for item in tree.find_all(nodes.Getitem):
        if isinstance(item.arg, nodes.Const) and isinstance(item.arg.value, str):
            yield item.arg.value, item.lineno


def make_environment(templates: Templates, trusted: bool = False) -> CardEnvironment:
    """Return an environment that reads the given templates and whose errors name the author's files.

    A trusted environment reads only what comes with Aetia, without the guards against a stranger's templates.
    """

    def load(name: str) -> tuple[str, str | None, Callable[[], bool]] | None:
        name = BUNDLED + name.removeprefix(BUNDLED) if trusted else name
        if name not in templates.texts:
            return None
        return templates.texts[name], str(templates.files[name]), lambda: True

    environment = (CardEnvironment if trusted else Sandbox)(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[When],
        cache_size=-1,
        auto_reload=False,
        finalize=lambda value: constant(value) if type(value) is str else value,
    )
    if isinstance(environment, Sandbox):
        environment.finalize = environment.put_out
    environment.globals["label"] = label
    return environment


class Blocks:
    """The named blocks of a template, including those of the templates that it extends."""

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
        """Render one block. Raise TemplateAssertionError if there is no such block."""
        if block not in self._chain:
            raise TemplateAssertionError(
                f"there is no block `{block}`", 1, self._template.name, self._template.filename
            )
        context = Context(self._template.environment, {**self._globals, **variables}, self._template.name, {})
        self._environment.start()
        context.blocks = self._chain  # as Jinja itself does if a template extends another
        try:
            return "".join(self._chain[block][0](context))
        except Exception:
            self._template.environment.handle_exception()  # raises it again with the lines of the template


def _ancestry(environment: CardEnvironment, template: Template) -> Iterable[Template]:
    """The template, then the one it extends, and so on."""
    yield template
    seen = {template.name}
    while parent := environment.parents.get(template.name):
        if parent in seen:
            hint = f"; write `{BUNDLED}{parent}` for the one that comes with Aetia" if parent == template.name else ""
            raise TemplateSyntaxError(f"this template extends itself{hint}", 1, template.name, template.filename)
        template = environment.get_template(parent)
        seen.add(template.name)
        yield template
