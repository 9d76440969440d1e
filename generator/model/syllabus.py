"""What a deck is measured against: numbered claims, and corrections of some of them."""

from collections.abc import Mapping

from pydantic import Field

from generator.model.entry import Entry
from generator.model.values import ClaimId, Name, Text


class Claim(Entry):
    """A numbered statement or objective that the deck is measured against."""

    shorthand = "claim"

    claim: Name = Field(description="The statement or objective.")
    kind: Name | None = Field(None, description="What sort of claim it is.")
    path: Name | None = Field(None, description="Where it is in its own source.")
    correction: ClaimId | None = Field(None, description="The correction of this claim.")
    skip: Name | None = Field(None, description="Why no entry covers the claim.")


class Correction(Entry):
    """What a claim gets wrong, and what is right."""

    says: Text = Field(description="What the claim says.")
    correct: Text = Field(description="What is right.")
    common: bool = Field(False, description="Whether so many people believe it that it is worth a card.")


class SyllabusFile(Entry):
    """`syllabus.yaml`."""

    title: Name | None = Field(None, description="What the list is.")
    claims: Mapping[ClaimId, Claim] = Field({}, description="The claims by their numbers.")
    corrections: Mapping[ClaimId, Correction] = Field({}, description="Corrections of claims, by number.")
