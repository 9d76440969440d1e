// A reader's marks on the cards of the exported page. They are kept in this browser and saved as one small file.

const VERDICTS = ["right", "wrong", "unclear"];
const STORE = inside && `aetia-review:${inside.review.deck}`;
const UNSEEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|\p{Surrogate}/gu; // no text file may hold these
const book = { reader: "", role: "", marks: {} };
const remarks = new Map(); // of marks that were taken back, by card, until the page is left

const isRead = (id, mark) => mark?.fingerprint === inside.review.texts[id]; // and not a text that was edited since

// The mark on a card, if the card's text is the one that was read. A mark on another text is kept, but does not count.
function markOf({ id }) {
  return isRead(id, book.marks[id]) ? book.marks[id] : undefined;
}

// A mark on a text that was edited since.
const outdated = ({ id }) => (markOf({ id }) ? undefined : book.marks[id]);

function kept(access) {
  try {
    access();
  } catch {
    $("unkept").hidden = false;
  }
}

// What this browser keeps may be newer than what this page knows: the same page may be open in another tab.
function readBook() {
  if ($("unkept").hidden) kept(() => Object.assign(book, JSON.parse(localStorage.getItem(STORE))));
  book.marks = Object.fromEntries(Object.entries(book.marks).map(([id, mark]) => [nameOf(id), mark]));
}

// The id of a card, also if its entry was renamed since it was marked.
const nameOf = (id) => inside.review.formers[id] ?? id;

function changeBook(change) {
  readBook();
  change();
  kept(() => localStorage.setItem(STORE, JSON.stringify(book)));
}

function setMark(card, verdict) {
  changeBook(() => {
    const remark = markOf(card)?.remark ?? remarks.get(card.id) ?? "";
    remarks.set(card.id, remark);
    if (verdict) book.marks[card.id] = { kind: card.kind, mark: verdict, remark, fingerprint: inside.review.texts[card.id] };
    else delete book.marks[card.id];
  });
  tell();
}

function tell() {
  const cards = state.cards.filter((card) => !card.unmade);
  const counts = VERDICTS.map((verdict) => cards.filter((card) => markOf(card)?.mark === verdict).length);
  const read = counts.reduce((sum, count) => sum + count, 0);
  const old = cards.filter(outdated).length;
  const gone = Object.keys(book.marks).filter((id) => !state.byId.has(id)).length;
  $("review").textContent = `Review ${read}/${cards.length}`;
  $("tally").textContent = `${read} of ${plural(cards.length, "card")} marked: ${VERDICTS.map((v, i) => `${counts[i]} ${v}`).join(", ")}`
    + `${old ? `. ${plural(old, "more card")} edited since you marked ${old === 1 ? "it" : "them"}` : ""}`
    + `${gone ? `. ${plural(gone, "marked card")} no longer here` : ""}`;
  countChecks();
}

// Three buttons, and a field for a remark if the mark is wrong or unclear.
function markBar(card) {
  const mark = markOf(card);
  const bar = make("div", { className: "marks" }, ...VERDICTS.map((verdict) => {
    const button = make("button", { type: "button", className: verdict, onclick: () => give(card, verdict) }, verdict[0].toUpperCase() + verdict.slice(1));
    button.setAttribute("aria-pressed", String(mark?.mark === verdict));
    return button;
  }));
  if (mark && (mark.mark !== "right" || mark.remark)) {
    const remark = make("textarea", { value: mark.remark, maxLength: 2000, rows: 2, placeholder: "What is wrong or unclear?" });
    remark.setAttribute("aria-label", "Remark");
    remark.setAttribute("dir", "auto");
    remark.oninput = () => changeBook(() => { book.marks[card.id] = { ...mark, ...markOf(card), remark: remark.value }; });
    remark.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      ($("desk").open ? $("flip") : bar.closest(".item")).focus();
    };
    bar.append(remark);
  }
  const old = outdated(card);
  if (old) bar.append(make("p", { dir: "auto" }, `Edited since you marked it ${old.mark}${old.remark ? `: ${old.remark}` : ""}`));
  return bar;
}

function onPaper(card) {
  const mark = markOf(card);
  return make("span", { className: "marked" }, mark ? `${mark.mark} ${mark.remark}` : VERDICTS.map((verdict) => `☐ ${verdict}`).join("  "));
}

const clean = (text) => text.replace(UNSEEN, " ").trim();

function saveBook() {
  const marks = state.cards.filter((card) => !card.unmade && markOf(card)).map((card) => {
    const { kind, mark, remark, fingerprint } = markOf(card);
    return { card: card.id, kind, mark, ...(clean(remark) && { remark: clean(remark) }), fingerprint };
  });
  const [reader, role] = [clean(book.reader), clean(book.role)];
  $("reader").setCustomValidity(reader ? "" : "Type your name: without it, nothing can be signed as reviewed.");
  if (!$("reader").reportValidity()) return;
  const { deck } = inside.review;
  const saved = { "aetia-review": 1, deck, reader, ...(role && { role }), marks };
  const address = URL.createObjectURL(new Blob([JSON.stringify(saved, null, 1), "\n"], { type: "application/json" }));
  make("a", { href: address, download: `${deck}.review.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

// Mark a card, or remove the same mark. In study mode, marking a card right goes on to the next one.
function give(card, verdict) {
  const studying = $("desk").open;
  if (!card || card.unmade || (studying && !desk.back)) return;
  const taken = markOf(card)?.mark === verdict;
  setMark(card, taken ? "" : verdict);
  if (studying && verdict === "right" && !taken) return study(1);
  const holder = studying ? $("verdict") : $("cards").querySelector(`[data-id="${CSS.escape(card.id)}"]`);
  if (!holder) return;
  showMark(holder, card);
  holder.querySelector("textarea")?.focus({ preventScroll: true });
}

// Draw the mark on a card anew. The focus stays on its button.
function showMark(holder, card) {
  const bar = holder.querySelector(".marks");
  const focused = VERDICTS.find((verdict) => bar.querySelector(`.${verdict}`) === document.activeElement);
  bar.replaceWith(markBar(card));
  if (focused) holder.querySelector(`.${focused}`).focus({ preventScroll: true });
}

// Show what another tab has written. A remark that is being typed here stays.
function showBook() {
  readBook();
  showReader();
  tell();
  const holders = [...document.querySelectorAll(".item:not(.unmade)")].map((item) => [item, state.byId.get(item.dataset.id)]);
  if ($("verdict").firstChild) holders.push([$("verdict"), desk.cards[desk.at]]);
  for (const [holder, card] of holders)
    if (!holder.querySelector("textarea:focus")) showMark(holder, card);
}

function showReader() {
  for (const name of ["reader", "role"]) $(name).value = book[name];
}

// The marks in a file that such a page saved; nothing if it is another file.
function marksIn(text) {
  try {
    const { reader, role, marks } = JSON.parse(text);
    const found = marks.filter(({ card, mark }) => state.byId.has(nameOf(card)) && VERDICTS.includes(mark))
      .map(({ card, kind, mark, remark = "", fingerprint }) => [nameOf(card), { kind, mark, remark: String(remark), fingerprint }]);
    return { reader: clean(String(reader ?? "")), role: clean(String(role ?? "")), found, lost: marks.length - found.length };
  } catch {
    return null;
  }
}

// Continue from marks saved in this browser or another. Those of the same reader are added to what is here; those of
// another replace it, because nobody signs what somebody else has read. Marks on cards that this page lacks stay in
// their file. Return what was done, in words.
function takeMarks({ reader, role, found, lost }) {
  readBook();
  const mine = clean(book.reader);
  const same = reader && reader === mine;
  const theirs = reader || "a reader without a name";
  if (!same && Object.keys(book.marks).length && !confirm(`These are the marks of ${theirs}. Replace ${mine ? `those of ${mine}` : "yours"}?`))
    return `The marks of ${theirs} were not loaded. If they are yours, type your name as it is in the file, and load it again.`;
  const own = same ? book.marks : {};
  const wanted = found.filter(([id, mark]) => isRead(id, mark) || !isRead(id, own[id]));
  const told = (mark) => JSON.stringify([mark.mark, mark.remark, mark.fingerprint]);
  const fresh = wanted.filter(([id]) => !own[id]).length;
  const changed = wanted.filter(([id, mark]) => own[id] && told(own[id]) !== told(mark)).length;
  if (!same) remarks.clear();
  changeBook(() => {
    Object.assign(book, { reader, role: role || (same ? book.role : ""), marks: { ...own, ...Object.fromEntries(wanted) } });
  });
  return `Marks of ${theirs}: ${fresh} new, ${changed} changed, ${found.length - fresh - changed} as they were here`
    + `${lost ? `, ${lost} on cards that this page lacks` : ""}.`;
}

async function loadBook(file) {
  const marks = marksIn(await file.text());
  $("load").value = ""; // the same file can be loaded again
  $("loaded").textContent = marks ? takeMarks(marks) : `${file.name} is not a file of marks.`;
  showReader();
  tell();
  redraw();
}

const MARK_KEYS = {};

function openBook() {
  readBook();
  showReader();
  for (const name of ["reader", "role"])
    $(name).oninput = () => { changeBook(() => { book[name] = $(name).value; }); $(name).setCustomValidity(""); };
  for (const verdict of VERDICTS) {
    MARK_KEYS[verdict[0]] = (card) => give(card, verdict);
    KEYS[verdict[0]] = (current) => give(state.byId.get(current?.dataset.id), verdict);
  }
  HAS.unread = (card) => !card.unmade && !markOf(card);
  HAS.outdated = (card) => !card.unmade && outdated(card);
  HAS.doubted = (card) => !card.unmade && ["wrong", "unclear"].includes(markOf(card)?.mark);
  BELOW.push(markBar);
  ON_PAPER.push(onPaper);
  $("review").hidden = false;
  $("review").onclick = () => { tell(); $("book").showModal(); };
  $("save").onclick = saveBook;
  $("load").onchange = () => loadBook($("load").files[0]);
  $("desk").addEventListener("close", redraw);
  document.addEventListener("DOMContentLoaded", tell);
  window.addEventListener("storage", ({ key }) => { if (key === STORE) showBook(); });
  document.body.classList.add("reviewed");
}

if (inside) openBook();
