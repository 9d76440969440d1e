"""A name that leads nowhere brings the one that was meant to mind, and no other."""

import pytest

from generator.text.suggest import closest, did_you_mean


@pytest.mark.parametrize(
    ("asked", "known", "meant"),
    [
        ("mecanism", ("summary", "mechanism"), "mechanism"),
        ("avery 5371", ("avery-5371", "a4-8"), "avery-5371"),
        ("LEUKOPENIA", ("leukopenia", "hagma"), "leukopenia"),
        ("bone-marrow", ("loss", "production/bone-marrow"), "production/bone-marrow"),
        ("on", ("conditions",), None),
        ("colour", ("cause", "clue"), None),
        ("anything", (), None),
        ("hormone", ("excretion", "excretion/hormone", "shift/drugs"), "excretion/hormone"),
        ("production/pthrp", ("production", "hormones/pthrp"), "hormones/pthrp"),
        ("production/drugs", ("production", "hormones/drugs", "losses/drugs"), "production"),
    ],
)
def test_only_a_near_name_is_suggested(asked, known, meant):
    assert closest(asked, known) == meant
    assert did_you_mean(asked, known) == (f"did you mean `{meant}`?" if meant else None)
