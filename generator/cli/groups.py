"""A command that has subcommands."""

import rich_click as click


class Group(click.RichGroup):
    """Shows its help if no subcommand is given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        bare = not args and not ctx.resilient_parsing  # a shell that completes wants no help
        return super().parse_args(ctx, ["--help"] if bare else args)
