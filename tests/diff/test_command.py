"""`aetia diff` and the summary of `aetia build`, as a user meets them."""

import json
import os
import subprocess

import pytest
from conftest import AETIA, MINIMAL, NOW, commit, copy_aetia, git

EDITED = MINIMAL.replace("low tonicity", "low plasma tonicity").replace(
    "  thiazides:\n    cause: Thiazide diuretics", "  bendro:\n    was: thiazides\n    cause: Thiazide diuretics"
)
BUILD = {"SOURCE_DATE_EPOCH": str(NOW)}
LATER = {"SOURCE_DATE_EPOCH": str(NOW + 86_400)}


@pytest.fixture
def project(write_deck, run_aetia):
    """A project that was built once, and the command run in it."""
    folder = write_deck(MINIMAL)
    root = folder.parent.parent

    def run(*arguments, env=LATER):
        return run_aetia(*arguments, cwd=root, env=env)

    assert run("build", "deck", env=BUILD).returncode == 0
    return folder, run


def test_after_a_build_nothing_differs_and_after_an_edit_the_edit_does(project):
    folder, run = project
    same = run("diff").stdout
    assert "2 untouched" in same
    assert "Nothing changed since the last build, deck.apkg, which is all that dist/ keeps." in same
    assert "(--against v1.0)" in same
    assert "Nothing changed since" not in run("diff", "--against", "dist/deck.apkg").stdout
    (folder / "deck.yaml").write_text(EDITED)
    result = run("diff", "deck")
    assert result.returncode == 0, result.stderr
    assert "1 changed, 1 renamed" in result.stdout
    assert "low{+ plasma+} tonicity" in result.stdout
    assert "was thiazides" in result.stdout
    assert "Learners' notes: 2 updated, 0 added, 0 left alone" in result.stdout


def test_notes_of_one_entry_are_told_apart_by_their_kind_of_card(project):
    folder, run = project
    listed = "categories: {water: {name: Water, listed: true, children: {gain: Gain, loss: Loss}}}\n"
    cards = MINIMAL.replace("    cause: SIADH\n", "    cause: SIADH\n    time-course: {onset: At once}\n") + listed
    asked = "cards: {add: [onset, reverse]}\n" + cards
    (folder / "deck.yaml").write_text(asked)
    assert run("build").returncode == 0
    (folder / "deck.yaml").write_text(asked.replace("SIADH", "Schwartz").replace("name: Water", "name: Wet"))
    for format_, heading in (("text", "changed {} ("), ("markdown", "- **{}**\n")):
        told = run("diff", "--format", format_).stdout
        for title in ("Schwartz", "Schwartz, onset card", "Schwartz, reverse card"):
            assert told.count(heading.format(title)) == 1, told
    assert '"title": "Schwartz"' in run("diff", "--format", "json").stdout


@pytest.mark.parametrize("format_", ["text", "json"])
def test_what_looks_like_a_rename_is_told_beside_what_is_new_and_gone(project, format_):
    folder, run = project
    (folder / "deck.yaml").write_text(MINIMAL.replace("  thiazides:", "  bendro:"))
    result = run("diff", "--format", format_)
    assert result.returncode == 1, "a build would stop"
    assert "error[probable-rename]: `bendro` is new and `thiazides` is gone" in result.stderr
    assert "add `was: thiazides` to it" in result.stderr
    assert "probable-rename" not in result.stdout


def test_a_revision_is_found_from_a_hook_in_a_linked_worktree(project, run_aetia):
    folder, _ = project
    root = folder.parent.parent
    commit(root, "decks")
    linked = root.parent / "linked"
    git(root, "worktree", "add", "-q", str(linked))
    other = root.parent / "other"
    other.mkdir()
    git(other, "init", "-q")
    hook = {"GIT_DIR": str(other / ".git"), "GIT_INDEX_FILE": str(other / ".git" / "index"), "GIT_PREFIX": ""}
    done = run_aetia("diff", "deck", "--against", "HEAD", cwd=linked, env={**LATER, **hook})
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 untouched" in done.stdout


def test_a_revision_is_called_by_the_name_that_was_asked_for_and_its_hash(project):
    folder, run = project
    root = folder.parent.parent
    commit(root, "decks", tag="v1.0")
    short = git(root, "log", "-1", "--format=%h").strip()
    assert f"since v1.0 ({short})\n" in run("diff", "deck", "--against", "v1.0").stdout
    assert f"since {short}\n" in run("diff", "deck", "--against", short).stdout


def test_a_signed_commit_is_a_revision_like_another(project, tmp_path):
    folder, run = project
    root = folder.parent.parent
    commit(root, "decks")
    content = git(root, "cat-file", "commit", "HEAD")
    signature = "gpgsig -----BEGIN SSH SIGNATURE-----\n U1NI\n -----END SSH SIGNATURE-----"
    head, _, message = content.partition("\n\n")
    (tmp_path / "commit").write_text(f"{head}\n{signature}\n\n{message}\n")
    signed = git(root, "hash-object", "-t", "commit", "-w", str(tmp_path / "commit"))
    git(root, "update-ref", "HEAD", signed)
    git(root, "config", "log.showSignature", "true")
    git(root, "config", "gpg.ssh.allowedSignersFile", "/dev/null")
    done = run("diff", "deck", "--against", "HEAD")
    assert done.returncode == 0, done.stderr
    assert "2 untouched" in done.stdout


def test_a_diff_writes_nothing(project):
    folder, run = project
    (folder / "deck.yaml").write_text(EDITED)
    before = {file: file.read_bytes() for file in folder.parent.parent.rglob("*") if file.is_file()}
    run("diff", "deck", "--format", "json")
    after = {file: file.read_bytes() for file in folder.parent.parent.rglob("*") if file.is_file()}
    assert before == after


def test_a_build_says_what_it_changed_with_the_fields(project):
    folder, run = project
    (folder / "deck.yaml").write_text(EDITED)
    result = run("build", "deck")
    assert "1 changed, 1 renamed" in result.stdout
    assert "~ siadh: Mechanism" in result.stdout
    assert "→ bendro: was thiazides" in result.stdout


def test_a_build_without_the_old_package_says_what_the_lock_remembers(project):
    folder, run = project
    (folder / "deck.yaml").write_text(EDITED)
    (folder.parent.parent / "dist" / "deck.apkg").unlink()
    result = run("build", "deck")
    assert "1 changed, 1 renamed" in result.stdout
    assert "~ siadh\n" in result.stdout


def test_a_first_build_only_counts(write_deck, run_aetia):
    folder = write_deck(MINIMAL)
    result = run_aetia("build", "deck", cwd=folder.parent.parent, env=BUILD)
    assert "  2 new\n" in result.stdout
    assert "siadh" not in result.stdout.split("not made")[0]


def test_a_git_revision_is_compared_with_its_own_sources_lock_and_templates(project):
    folder, run = project
    root = folder.parent.parent
    commit(root, "decks", tag="v1")
    (folder / "deck.yaml").write_text(EDITED)
    own = root / "templates" / "notetypes" / "cause" / "style.css"
    own.parent.mkdir(parents=True)
    own.write_text(".cue { color: blue }")
    commit(root, "decks", "templates")
    since_first = json.loads(run("diff", "deck", "--against", "v1", "--format", "json").stdout)
    assert since_first["counts"] == {"renamed": 1, "changed": 1}
    assert since_first["effect"]["conflicting"] == 0
    assert {part for item in since_first["note_types"] for part in item["parts"]} == {"css"}
    since_second = json.loads(run("diff", "deck", "--against", "HEAD", "--format", "json").stdout)
    assert since_second["entries"] == []
    own.write_text(".cue { color: green }")
    css = json.loads(run("diff", "deck", "--against", "HEAD", "--format", "json").stdout)
    assert [item["parts"] for item in css["note_types"]] == [["css"]]


def test_a_revision_with_earlier_templates_of_the_tool_itself_is_read_with_those_of_today(write_deck):
    root = write_deck(MINIMAL).parent.parent
    note_type = copy_aetia(root) / "templates/notetypes/cause/notetype.yaml"
    today = note_type.read_text()
    note_type.write_text(today.replace(", Mnemonic]", "]"))
    assert note_type.read_text() != today
    commit(root, "decks", "templates", tag="v1")
    note_type.write_text(today)
    for words in ("build deck", "diff deck --against v1"):
        done = subprocess.run(
            [*AETIA, *words.split()],
            cwd=root, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(root), "HOME": str(root.parent)},
            capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert "2 untouched" in done.stdout


@pytest.mark.parametrize("lasting", ["the lock", "the id"])
def test_a_deck_that_was_in_another_folder_at_a_revision_is_found_there(project, lasting):
    folder, run = project
    root = folder.parent.parent
    own = root / "templates" / "notetypes" / "cause" / "style.css"
    own.parent.mkdir(parents=True)
    own.write_text(".cue { color: blue }")
    (folder / "deck.yaml").write_text("id: salt-1\n" + MINIMAL)
    (folder / "deck.lock").unlink()
    run("build")
    commit(root, "decks" if lasting == "the lock" else "decks/deck/deck.yaml", "templates", tag="v1")
    moved = root / "teaching/decks/salt"
    moved.parent.mkdir(parents=True)
    folder.rename(moved)
    (root / "templates").rename(root / "teaching/templates")
    (moved / "deck.yaml").write_text("id: salt-1\n" + EDITED)
    told = json.loads(run("diff", moved, "--against", "v1", "--format", "json").stdout)
    assert told["counts"] == {"renamed": 1, "changed": 1}
    assert told["note_types"] == [], "its templates were beside it"


def test_a_git_revision_without_a_lock_knows_which_note_is_which(project):
    folder, run = project
    root = folder.parent.parent
    commit(root, "decks/deck/deck.yaml")
    assert "2 untouched" in run("diff", "--against", "HEAD").stdout
    (folder / "deck.yaml").write_text(MINIMAL.replace("low tonicity", "low plasma tonicity"))
    result = run("diff", "--against", "HEAD").stdout
    assert "1 changed, 1 untouched" in result
    assert "1 updated" in result


@pytest.mark.parametrize(
    ("against", "message"),
    [
        ("last", "no earlier build"),
        ("v1", "is not in a git repository"),
        ("absent.apkg", "no such package"),
        ("decks/deck/deck.yaml", "not an Anki package"),
        ("--output", "git"),
    ],
)
def test_a_release_that_cannot_be_compared_with_is_wrong_use(write_deck, run_aetia, against, message):
    folder = write_deck(MINIMAL)
    result = run_aetia("diff", "deck", f"--against={against}", cwd=folder.parent.parent)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("revision", ["nope", "HEAD~9", "--help", "v1"])
def test_an_unknown_revision_is_wrong_use(project, revision):
    folder, run = project
    (folder.parent.parent / "README").write_text("x")
    commit(folder.parent.parent, "README", tag="v1")
    result = run("diff", "deck", f"--against={revision}")
    assert result.returncode == 2
    assert ("no deck" if revision == "v1" else "no revision") in " ".join(result.stderr.replace("│", " ").split())


def test_a_release_of_another_deck_is_noticed(project, write_deck):
    _, run = project
    write_deck("deck: Other\nfinding: {name: F, effect: g}\ncauses: {a: {cause: A, mechanism: It works}}\n", name="b")
    said = run("diff", "b", "--against", "dist/deck.apkg").stdout
    assert "  no note is in both; compare with a release of the same deck\n" in said
    assert "no note is in both" not in run("diff", "deck").stdout


def test_a_contrast_is_named_by_both_its_ends(project):
    folder, run = project
    contrast = "    versus: {thiazides: {on: the salt, here: It stays, there: It is lost}}\n"
    (folder / "deck.yaml").write_text(MINIMAL.replace("  thiazides:\n", contrast + "  thiazides:\n"))
    assert "+ new SIADH / Thiazide diuretics (siadh~thiazides)" in run("diff").stdout
    assert "- **SIADH / Thiazide diuretics**" in run("diff", "--format", "markdown").stdout


def test_a_deck_with_errors_is_not_compared(project):
    folder, run = project
    (folder / "deck.yaml").write_text(MINIMAL + "    mechanisms: x\n")
    result = run("diff", "deck")
    assert result.returncode == 1
    assert "unknown-key" in result.stderr
    assert not result.stdout


def test_a_deck_with_errors_gives_json_too(project):
    folder, run = project
    (folder / "deck.yaml").write_text(MINIMAL.replace("mechanism", "mechanisms"))
    for command in (("diff", "--format", "json"), ("print", "--json")):
        result = run(*command)
        assert (result.returncode, json.loads(result.stdout)) == (1, None)
        assert "error[unknown-key]" in result.stderr


def test_the_report_goes_into_a_file_whole(project):
    folder, run = project
    (folder / "deck.yaml").write_text(EDITED)
    result = run("diff", "deck", "--format", "markdown", "-o", "out/notes.md")
    assert result.stdout == ""
    text = (folder.parent.parent / "out" / "notes.md").read_text()
    assert text.startswith("# Medicine::Hyponatraemia\n")
    assert "low **plasma** tonicity" in text


def test_an_entry_in_another_category_is_told_as_moved(write_deck, run_aetia):
    text = MINIMAL.replace("causes:", "categories: {a: A, b: B}\ncauses:").replace(
        "cause: SIADH", "cause: SIADH\n    category: a"
    )
    folder = write_deck(text)
    run_aetia("build", cwd=folder.parent.parent, env=BUILD)
    (folder / "deck.yaml").write_text(text.replace("category: a", "category: b"))
    told = run_aetia("diff", cwd=folder.parent.parent, env=LATER).stdout
    assert "1 moved, 1 untouched" in told


def test_a_revision_with_a_link_out_of_the_folder_is_refused(write_deck, run_aetia):
    folder = write_deck(MINIMAL)
    project = folder.parents[1]
    (folder / "sources.yaml").symlink_to("/etc/passwd")
    commit(project, "-A")
    (folder / "sources.yaml").unlink()
    done = run_aetia("diff", folder, "--against", "HEAD", cwd=project)
    assert done.returncode in (1, 2)
    assert "cannot be unpacked" in " ".join(done.stderr.replace("│", "").split())
    assert "Traceback" not in done.stderr
