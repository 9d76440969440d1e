"""What a text gives away, judged by hand on texts of the shipped decks and on such texts with a word changed.

An answer is given away by its question when one can answer from the wording alone; a name by a clue, an example or a
mechanism when a word of it stands there that points to nothing else.
"""

import pytest

from generator.load.codes import load_lint_words
from generator.text.stems import Stems
from generator.text.words import words_of

OUTAGE = "Outage take a website down downtime incident"
SODIUM = "Hyponatraemia lower the serum sodium low sodium"

ANSWERS = {
    OUTAGE: [
        (False, "Which clock should a program use to measure elapsed time?", "The monotonic clock"),
        (True, "Which monotonic clock should a program use to measure elapsed time?", "The monotonic clock"),
        (False, "The bad setting was reverted, yet front ends stayed down. What was still needed?",
         "A restart of the front ends"),
        (True, "Front ends stayed down until they were restarted. What was still needed?",
         "A restart of the front ends"),
        (False, "What is the danger of a health check that also tests a shared dependency?",
         "One failing dependency takes every server out of service"),
        (False, "A provider refuses your calls. What tells a rate limit from a quota?",
         "A rate limit clears as soon as you slow down"),
        (False, "A memory leak came in with today's release. Why is a restart not enough?",
         "The new process leaks as well; roll the release back"),
        (False, "Why could most old Android phones go on?", "Android did not enforce the end date of that root"),
        (False, "Traffic shifted to the backup link at once. Why did customers still suffer?",
         "The backup link was too small for all traffic"),
        (False, "A queue backlog hides all new work. Name a way to serve fresh messages first.",
         "Move old messages to another queue, or let them expire"),
        (False, "Which measure shows a queue backlog as users feel it?", "The age of the oldest message"),
        (True, "Users wait for the oldest messages, and their age grows. Which measure shows it?",
         "The age of the oldest message"),
        (False, "How does one keep a bulk update from delaying the replicas?",
         "In small batches, paused whenever the replicas are late"),
        (False, "What must every remote call have so that a dead supplier cannot hold all your workers?", "A timeout"),
        (True, "A remote call without a timeout holds a worker. What must every call have?", "A timeout"),
        (True, "Timeouts free the workers of a dead supplier. What must every call have?", "A timeout"),
        (False, "Amazon S3, July 2008: what would have caught the wrong bit in the messages?", "A checksum"),
        (True, "A checksum over each message was added after July 2008. What would have caught the wrong bit?",
         "A checksum"),
        (False, "Which honest traffic made the attack worse?", "Retries from recursive DNS resolvers"),
        (True, "Recursive DNS resolvers retry from all over the world. Which traffic made the attack worse?",
         "Retries from recursive DNS resolvers"),
        (False, "With how few transaction IDs left does PostgreSQL refuse new ones?", "Fewer than three million"),
        (True, "With three million transaction IDs left PostgreSQL refuses new ones. With how few?", "Three million"),
        (False, "Which setting makes a schema migration give up instead of blocking the site?",
         "A short lock timeout for the migration"),
        (True, "A schema migration has a short lock timeout. Which setting makes it give up?", "A short lock timeout"),
    ],
    SODIUM: [
        (False, "How many litres carry the solute of beaker B?", "2 litres"),
        (True, "A beaker of 2 litres carries the solute. How many litres?", "2 litres"),
        (False, "Which maintenance fluid is advised in hospital?", "Isotonic fluid"),
        (True, "Isotonic fluids are advised in hospital. Which maintenance fluid?", "Isotonic fluid"),
        (False, "Low volume after days of vomiting, yet urine sodium is high. Which urine ion shows the depletion?",
         "Chloride, which stays low"),
        (False, "Milky serum: which kind of electrode reads the true sodium?",
         "The direct one of a blood-gas analyser"),
        (False, "Why do thiazides lower sodium more often than loop diuretics do?",
         "They leave the concentrating medulla intact"),
        (True, "Loop diuretics spoil the medulla, thiazides leave it intact and concentrating. Why do they lower it?",
         "They leave the concentrating medulla intact"),
        (False, "Severe thiazide hyponatraemia: what was found instead of volume loss?",
         "Volume expansion with low vasopressin"),
        (True, "The volume expanded and vasopressin was low. What was found?", "Volume expansion with low vasopressin"),
        (False, "Infant with low sodium, low chloride and alkalosis: which inherited disease is looked for?",
         "Cystic fibrosis"),
        (True, "An infant with cystic fibrosis sweats. Which inherited disease is looked for?", "Cystic fibrosis"),
        (False, "Reset osmostat: what happens to sodium when water is restricted?",
         "Hardly anything; it stays near its set point"),
        (False, "How much should an athlete drink to avoid hyponatraemia?", "As much as thirst asks for"),
        (True, "How much should a thirsty athlete drink who asks?", "As much as thirst asks for"),
        (True, "Athletes should drink as much as their thirst asks for. How much?", "As much as thirst asks for"),
        (True, "Milky serum: does the direct electrode of a blood-gas analyser read it, or which one?",
         "The direct one of a blood-gas analyser"),
        (True, "Menstruating women swell most. Who is most at risk after an operation?", "Menstruating women"),
        (False, "Who is most at risk of brain damage from low sodium after an operation?", "Menstruating women"),
        (True, "Older age foretells it. Which patient factor best foretells hyponatraemia?", "Older age"),
        (False, "Desmopressin for nocturia: which patient factor best foretells hyponatraemia?", "Older age"),
        (True, "It moves upwards by itself: in which direction does osmotic diuresis move sodium?", "Upwards"),
        (False, "Oxytocin in labour: which infusion adds to the fall of sodium?", "Glucose in water"),
        (True, "Oxytocin is infused with glucose and water. Which infusion adds to the fall?", "Glucose in water"),
    ],
}  # fmt: skip
"""Question and answer by the words of the deck's finding, and whether the question gives the answer away."""

NAMES = {
    OUTAGE: [
        (True, "One message crashes its consumer, is delivered again and blocks the rest",
         ["Poison messages", "poison pills"]),
        (True, "A cable breaks, and the links that are left cannot carry the traffic", ["Fibre cuts", "cable cuts"]),
        (True, "Hosts install a harmful update that nobody here released",
         ["Automatic updates from a vendor", "auto-updates"]),
        (True, "The certificate's end date passes, and clients refuse the handshake",
         ["Expired TLS certificates", "certificate expiry"]),
        (True, "The database picks a slower plan for a query that nobody changed", ["Query plan regressions"]),
        (True, "Memory is taken and not given back, until processes crash", ["Memory leaks", "heap growth"]),
        (True, "Threads or open files reach the cap of the system",
         ["Thread or file-descriptor limits", "too many open files"]),
        (False, "Replicas restart by turns. Their resident size draws a sawtooth", ["Memory leaks", "heap growth"]),
        (False, "Users save a form, and the next page shows the old value", ["Replication lag", "stale replicas"]),
        (False, "Reads work, every write on the machine fails, and restarting makes it worse",
         ["Full disks", "ENOSPC", "no space left on device"]),
        (True, "Every write fails: there is no space left on the device", ["Full disks", "no space left on device"]),
        (False, "One busy table refuses every new row. Its last row has number 2147483647",
         ["Primary keys that run out of integers", "integer overflow"]),
        (True, "The key of one busy table has run over: an integer overflows",
         ["Primary keys that run out of integers", "integer overflow"]),
        (False, "Between two sites packets are lost; several circuits went dark at once", ["Fibre cuts", "cable cuts"]),
        (False, "All cores are at 100 %, traffic is flat; a firewall rule is three minutes old",
         ["Regular expressions with runaway backtracking", "ReDoS"]),
        (True, "A firewall rule backtracks over each request", ["Catastrophic backtracking"]),
        (False, "Servers are idle and healthy; every fresh lookup comes back without an address",
         ["Emptied or wrong DNS records", "NXDOMAIN"]),
        (True, "Every fresh lookup comes back as NXDOMAIN", ["Emptied or wrong DNS records", "NXDOMAIN"]),
        (False, "Minutes after a television programme all pages are slow", ["Surges of genuine users", "flash crowds"]),
        (False, "At 00:47 a whole site disappears; halls that are undamaged stay switched off",
         ["Fire in the data centre"]),
    ],
    SODIUM: [
        (True, "Desmopressin", ["Desmopressin and oxytocin"]),
        (True, "Oxytocin", ["Desmopressin and oxytocin"]),
        (True, "The weak heart underfills the arteries", ["Heart failure", "congestive cardiac failure"]),
        (True, "Irrigation fluid without salt enters open veins", ["Absorbed irrigation fluid", "TURP syndrome"]),
        (True, "Sweat that carries too much salt empties the body of it", ["Losses in sweat"]),
        (True, "An old person whom a thiazide was given", ["Thiazide diuretics"]),
        (False, "Slight woman of 82, new blood-pressure tablet ten days ago, confused", ["Thiazide diuretics"]),
        (False, "Breathless lying flat, neck veins full, ankles swollen, gallop",
         ["Heart failure", "congestive cardiac failure"]),
        (False, "Tense belly with shifting dullness, red palms", ["Cirrhosis with ascites", "chronic liver failure"]),
        (False, "Man at the tap day and night, now fitting; pale urine by the litre",
         ["Primary polydipsia", "psychogenic polydipsia", "water intoxication"]),
        (True, "Water intoxication in a man at the tap day and night", ["Primary polydipsia", "water intoxication"]),
        (False, "Boy with swollen eyelids each morning, frothy urine", ["Nephrotic syndrome"]),
        (False, "Tired for months, craves salt, faints; brown creases of the palms",
         ["Primary adrenal insufficiency", "Addison's disease"]),
        (True, "A hyperglycaemic patient thirsts", ["Hyperglycaemia"]),
        (False, "Thirst and a flood of urine for a week; measured osmolality 330",
         ["Hyperglycaemia", "translocational hyponatraemia"]),
        (False, "Girl of 17 brought from an all-night party, wide pupils", ["MDMA", "ecstasy", "molly"]),
        (True, "Girl of 17 who took ecstasy at an all-night party", ["MDMA", "ecstasy", "molly"]),
        (True, "Girl of 17 who took MDMA at an all-night party", ["MDMA", "molly"]),
        (True, "Baby with an NSIAD mutation", ["Nephrogenic antidiuresis", "NSIAD"]),
        (False, "Hoarse, slow and cold, pulse 44 and a puffy face", ["Severe hypothyroidism", "myxoedema"]),
        (True, "Protector of all Slavs, whatever their state", ["Pan-Slavism"]),
        (True, "Its followers read Marx", ["Marxism"]),
        (False, "The sister states organise a congress", ["Pan-Slavism"]),
        (False, "In severe disease low output hinders excretion of water", ["Severe hypothyroidism", "myxoedema"]),
        (False, "The agent may also infect lymphocytes itself", ["COVID-19", "SARS-CoV-2 infection"]),
    ],
}  # fmt: skip
"""A text and the names of a cause, and whether the text gives one of them away."""

MISJUDGED = {
    "The volume expanded and vasopressin was low. What was found?": "the stems of a noun and of its verb differ",
    "How much should a thirsty athlete drink who asks?": "the stems of a noun and of its adjective differ",
    "A hyperglycaemic patient thirsts": "the stems of a noun and of its adjective differ",
    "In severe disease low output hinders excretion of water": "a word of no weight is half of the name",
    "The agent may also infect lymphocytes itself": "the short parts of a name do not count",
}
"""Where the rule is known to be wrong, and why."""


def common_in(about):
    words = load_lint_words("en").function_words
    return frozenset(Stems("en").stem(word) for text in (*words, about) for word in words_of(text))


def cases(table):
    for about, rows in table.items():
        for given, text, other in rows:
            marks = pytest.mark.xfail(reason=MISJUDGED[text], strict=True) if text in MISJUDGED else ()
            yield pytest.param(about, text, other, given, id=text[:40], marks=marks)


@pytest.mark.parametrize(("about", "question", "answer", "given"), list(cases(ANSWERS)))
def test_a_question_gives_its_answer_away_when_all_words_of_the_answer_stand_in_it(about, question, answer, given):
    assert (Stems("en").stands_in(question, answer, common_in(about)) is not None) == given


@pytest.mark.parametrize(("about", "text", "names", "given"), list(cases(NAMES)))
def test_a_text_gives_a_name_away_with_half_of_its_telling_words(about, text, names, given):
    assert (Stems("en").given_away(text, names, common_in(about)) is not None) == given


def test_at_least_twenty_pairs_of_each_verdict_are_judged():
    for table in (ANSWERS, NAMES):
        verdicts = [given for rows in table.values() for given, _, _ in rows]
        assert min(verdicts.count(True), verdicts.count(False)) > 19, (verdicts.count(True), verdicts.count(False))


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("de", "Die Spiegel von Kupfer sinken nach vielen Infektionen", "Infektion"),
        ("fr", "Les diurétiques agissent", "Diurétique"),
        ("ru", "Лейкозы вытесняют", "Лейкоз"),
        ("en", "The diuretics act", "A diuretic"),
    ],
)
def test_the_forms_of_a_word_are_those_of_the_decks_language(language, text, name):
    assert Stems(language).given_away(text, (name,), frozenset())


def test_a_language_without_a_stemmer_compares_words_as_they_are():
    stems = Stems("ja")
    assert stems.given_away("クロザピン の あと", ("クロザピン",), frozenset())
    assert stems.given_away("別の 薬 の あと", ("クロザピン",), frozenset()) is None
