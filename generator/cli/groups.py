"""A command that has subcommands."""

from typing import Any

import click


class Group(click.Group):
    """Shows its help where no command is named, as `--help` does, and on wrong use how the command is used."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        bare = not (args or ctx.resilient_parsing or self.invoke_without_command)  # a shell that completes wants none
        return super().parse_args(ctx, ["--help"] if bare else args)

    def invoke(self, ctx: click.Context) -> Any:
        from generator.diagnostics import WrongUseError

        try:
            return super().invoke(ctx)
        except WrongUseError as error:
            command = self.get_command(ctx, ctx.invoked_subcommand or "")
            used = click.Context(command, ctx, ctx.invoked_subcommand) if command else ctx
            raise click.UsageError(str(error), used) from error
