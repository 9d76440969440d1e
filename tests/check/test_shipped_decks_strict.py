"""The decks that come with Aetia are the example: strict checks find nothing in them."""

import pytest
from conftest import NOW, SHIPPED

from generator.diagnostics import Severity
from generator.resources import bundled
from generator.workflows.check import check_folder


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_deck_is_clean_under_strict(name: str):
    findings = check_folder(bundled("decks") / name, NOW)
    assert [d for d in findings.diagnostics if d.severity is not Severity.INFO] == []
