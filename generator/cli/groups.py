"""A command that has subcommands."""

from typing import Any

import click


class Group(click.Group):
    """Shows its help if no subcommand is given, and the usage of the command on wrong use."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        bare = not (args or ctx.resilient_parsing or self.invoke_without_command)  # a shell that completes wants none
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
        from generator.diagnostics import WrongUseError

        try:
            return super().invoke(ctx)
        except (WrongUseError, click.UsageError) as error:
            if isinstance(error, click.UsageError) and error.ctx:
                raise
            command = self.get_command(ctx, ctx.invoked_subcommand or "")
            used = click.Context(command, ctx, ctx.invoked_subcommand) if command else ctx
            raise click.UsageError(str(error), used) from error
