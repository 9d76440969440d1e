"""The notes of the author's own questions, of the deck and of its causes."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.cards.drafts import Draft, Making
from generator.cards.writer import Writer
from generator.model.entries import Question
from generator.model.notes import Card, EntryRef, NoteId
from generator.model.syllabus import Correction


@dataclass(frozen=True)
class QuestionNote:
    """The content of a question's note."""

    question: Question
    correction: Correction | None


def draft_questions(making: Making) -> Iterator[Draft]:
    """Yield the note of each question."""
    deck = making.deck
    for key, question in deck.questions.items():
        if not making.wants("question", question.cards, question.review):
            continue
        owner = deck.causes.get(deck.owners.get(key, ""))
        entry = EntryRef("questions", key)
        correction = deck.syllabus.corrections.get(question.correction) if question.correction else None
        card = Card(0, "question", question.ask, "", question.answer, entry, ("ask",), ("answer",))
        yield Draft(
            NoteId("question", key),
            write_question,
            QuestionNote(question, correction),
            (entry,),
            question.review,
            (card,),
            making.branch_of(question.category or (owner.category if owner else None)),
            question.tags,
            was=question.was,
        )


def write_question(writer: Writer, note: QuestionNote) -> dict[str, str]:
    """Return the fields of a question."""
    question = note.question
    fields = {
        "Question": writer.text(question.ask),
        "Answer": writer.text(question.answer),
        "Because": writer.text(question.because),
        "Question Image": writer.image(question.image, "front"),
        "Image": writer.image(question.image),
        "Ask": "1",
    }
    if note.correction:
        fields |= {
            "Misconception": writer.text(note.correction.says),
            "Correction": writer.text(note.correction.correct),
        }
    fields |= writer.backing(question.sources, question.review)
    fields["More"] = "1" if fields["Sources"] or note.correction else ""
    return fields
