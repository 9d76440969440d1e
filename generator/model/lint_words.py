"""What lints look for in the texts of one language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LintWords:
    """What lints look for in one language: words and phrases, as written in `lints/<language>.yaml`.

    `function_words` carry no meaning of their own; what is `gradual` holds an absolute word and yet says how something
    grows or goes on, with a `*` for letters, in small ones, that make no function word; `question_starts` begin a
    question for yes or no; `alternatives` join two options; `dose_units` make a number a dose; `instructions` tell a
    person what to do; `generic_checks` say that one should test, and not what; the units of one group measure the same.
    """

    absolutes: tuple[str, ...] = ()
    gradual: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    vacuous: tuple[str, ...] = ()
    function_words: tuple[str, ...] = ()
    question_starts: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    truth_values: tuple[str, ...] = ()
    dose_units: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    generic_checks: tuple[str, ...] = ()
    unit_groups: tuple[tuple[str, ...], ...] = ()
