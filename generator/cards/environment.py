"""The Jinja environment: sandboxed, strict, escaping; and what it adds to Jinja for cards."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateAssertionError, nodes, pass_context
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from generator.cards.cloze import cloze_deletion
from generator.cards.markdown import plain
from generator.cards.references import format_source
from generator.model import Templates

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


@pass_context
def _text(context: Context, text: str | None) -> Markup:
    return Markup(context["render_text"](text)) if text else Markup()


def make_environment(templates: Templates) -> ImmutableSandboxedEnvironment:
    """Return an environment that reads the given templates and whose errors name the author's files."""

    def load(name: str) -> tuple[str, str | None, Callable[[], bool]] | None:
        if name not in templates.texts:
            return None
        return templates.texts[name], str(templates.files[name]), lambda: True

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        extensions=[When], cache_size=-1, finalize=lambda value: plain(value) if type(value) is str else value,
    )  # fmt: skip
    environment.globals["label"] = lambda name: Markup('<span class="label">{}</span> ').format(plain(name))
    environment.filters |= {
        "text": _text,
        "reference": format_source,
        "cloze": lambda text, number, hint="": cloze_deletion(plain(text), number, plain(hint)),
    }
    return environment


class Blocks:
    """The named blocks of one template, those of the templates that it extends included."""

    def __init__(self, environment: ImmutableSandboxedEnvironment, name: str) -> None:
        self._template = environment.get_template(name)
        self._chain: dict[str, list[Block]] = {}
        for template in _ancestry(environment, self._template):
            for block, render in template.blocks.items():
                self._chain.setdefault(block, []).append(render)

    def render(self, names: Iterable[str], variables: Mapping[str, Any]) -> list[str]:
        """Render the named blocks in one context. Raises TemplateAssertionError if there is no such block."""
        names = tuple(names)
        if missing := set(names) - self._chain.keys():
            said = f"there is no block `{min(missing)}`"
            raise TemplateAssertionError(said, 1, self._template.name, self._template.filename)
        context = self._template.new_context(dict(variables))
        context.blocks = self._chain  # as Jinja does itself when a template extends another
        try:
            return ["".join(self._chain[name][0](context)) for name in names]
        except Exception:
            self._template.environment.handle_exception()  # raises it again with the lines of the template


def _ancestry(environment: ImmutableSandboxedEnvironment, template: Template) -> Iterable[Template]:
    """The template, then the one it extends, and so on."""
    yield template
    source, _, _ = environment.loader.get_source(environment, template.name)  # type: ignore[union-attr, arg-type]
    for extends in environment.parse(source).find_all(nodes.Extends):
        if isinstance(extends.template, nodes.Const):
            yield from _ancestry(environment, environment.get_template(extends.template.value))
