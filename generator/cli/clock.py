"""The one place where time enters."""

import os
import time

import click

_END = 4_102_444_800
"""The year 2100. A later time, once in a lock, would win over every other for good."""


def now() -> int:
    """Return the seconds since 1970; SOURCE_DATE_EPOCH stands in for reproducible builds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and not (epoch.isdecimal() and len(epoch) <= len(str(_END)) and int(epoch) < _END):
        raise click.UsageError(f"SOURCE_DATE_EPOCH must be a number of seconds from 1970 to 2100, not `{epoch[:20]}`.")
    seconds = int(epoch or time.time())
    if seconds >= _END:
        raise click.UsageError("The clock of this machine is beyond the year 2100; set it right first.")
    return seconds
