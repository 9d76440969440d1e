"""A command that has subcommands."""

import click


class Group(click.Group):
    """Shows its help where no command is named, as `--help` does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        bare = not args and not ctx.resilient_parsing  # a shell that completes wants no help
        return super().parse_args(ctx, ["--help"] if bare else args)
