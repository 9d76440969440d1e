"""The only module that reads the clock."""

import os
import time

import click

_END = 4_102_444_800
"""The year 2100. A later time in a lock would win over every other time for good."""


def now() -> int:
    """Return the seconds since 1970, or SOURCE_DATE_EPOCH if it is set, for reproducible builds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and not (epoch.isdecimal() and len(epoch) <= len(str(_END)) and int(epoch) < _END):
        raise click.UsageError(f"SOURCE_DATE_EPOCH must be a number of seconds from 1970 to 2100, not `{epoch[:20]}`.")
    seconds = int(epoch or time.time())
    if seconds >= _END:
        raise click.UsageError("The clock of this machine is beyond the year 2100; set it right first.")
    return seconds
