"""A short form of the simulation; CONTRIBUTING says how to run the long one."""

import pytest
from simulation import simulate

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 2])
def test_days_of_author_and_learners_go_by_without_a_violation(tmp_path, seed):
    outcome = simulate(tmp_path, days=5, seed=seed)
    assert outcome.violations == ()
    assert outcome.figures["answers"]
    assert outcome.figures["notes updated"]
    assert outcome.figures["author: use a spare card template"] == 1
