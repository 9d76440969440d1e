"""The one place where time enters."""

import os
import time

import rich_click as click


def now() -> int:
    """Return the seconds since 1970; SOURCE_DATE_EPOCH stands in for reproducible builds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and not epoch.isdecimal():
        raise click.UsageError(f"SOURCE_DATE_EPOCH must be a number of seconds since 1970, not `{epoch}`.")
    return int(epoch or time.time())
