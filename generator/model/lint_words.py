"""What lints look for in the texts of one language."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class LintWords:
    """The words and phrases that lints look for in one language, as written in `lints/<language>.yaml`.

    `function_words` have no meaning of their own. `gradual` phrases contain an absolute word, but only say that
    something grows or goes on; a `*` stands for small letters that form no function word. `clause_starts` begin an
    indirect question, which the phrase of a contrast may not take. `question_starts` begin a question with the answer
    yes or no. `alternatives` join two options. `dose_units` make a number a dose. `instructions` tell a person what to
    do. `generic_checks` tell to test, but not what. `abbreviations`, without their stop, end no sentence. The units of
    one group measure the same quantity.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    absolutes: tuple[str, ...] = ()
    gradual: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    vacuous: tuple[str, ...] = ()
    function_words: tuple[str, ...] = ()
    clause_starts: tuple[str, ...] = ()
    question_starts: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    truth_values: tuple[str, ...] = ()
    dose_units: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    generic_checks: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    unit_groups: tuple[tuple[str, ...], ...] = ()
