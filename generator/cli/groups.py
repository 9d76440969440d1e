"""What every command has in common: whoever is refused is shown the help of the command that refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click


@contextmanager
def _refusals_of(ctx: click.Context) -> Iterator[None]:
    """Name the command in a refusal that comes out of it."""
    from generator.diagnostics import WrongUseError

    try:
        yield
    except click.UsageError as error:
        if error.ctx is None:
            raise click.UsageError(error.format_message(), ctx) from error
        raise
    except WrongUseError as error:
        raise click.UsageError(str(error), ctx) from error


class Command(click.Command):
    """A command whose refusals name it."""

    def invoke(self, ctx: click.Context) -> Any:
        with _refusals_of(ctx):
            return super().invoke(ctx)


class Group(click.Group):
    """Shows its help where no command is named, as `--help` does, and says which command was meant."""

    command_class = Command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        bare = not args and not ctx.resilient_parsing  # a shell that completes wants no help
        return super().parse_args(ctx, ["--help"] if bare else args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args[0] not in known and args[0][:1].isalnum() and not ctx.resilient_parsing:
            from generator.report.words import unknown

            raise click.UsageError(unknown(args[0], "command", known), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        with _refusals_of(ctx):
            return super().invoke(ctx)
