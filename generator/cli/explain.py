"""`aetia explain`."""

import click

from generator.cli.completion import complete_topics
from generator.report.words import unknown


@click.command()
@click.argument("topic", required=False, shell_complete=complete_topics)
def explain(topic: str | None) -> None:
    """Without TOPIC, the topics are listed. TOPIC can also be a group: kinds, keys, phrases or codes.

    \b
    Example:
      aetia explain contrast
      aetia explain cause.versus
      aetia explain answer-leaked
      aetia explain kinds
      aetia explain codes
    """
    from generator.report.explain import list_topics, show_group, show_topics
    from generator.workflows import explain as reference

    if topic is None:
        list_topics(reference.list_topics())
    elif found := reference.explain(topic):
        show_topics(found, topic)
    elif lines := reference.list_group(topic):
        show_group(lines)
    else:
        message = unknown(topic, "topic", reference.topic_names())
        raise click.UsageError(f"{message} `aetia explain` lists all topics.")
