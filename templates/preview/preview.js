"use strict";
// The preview page. Cards live in shadow roots so that their style and the page's do not meet; only the cards near the
// window are in the page at all. The data come from the server, or are in the page itself if it was exported.

const $ = (id) => document.getElementById(id);
const inside = $("data") ? JSON.parse($("data").textContent) : null;
const BASE = `:host { display: grid; } .card { min-width: 0; min-height: 10rem; box-sizing: border-box; }
  img, svg { max-width: 100%; }
  .was, .now { padding: 0 0.1em; border-radius: 0.2em; background: #f6cfc9; color: #4a0f08; text-decoration: line-through; }
  .now { background: #cdeac8; color: #0d3a10; text-decoration: underline; }`;
const FEED = new CSSStyleSheet(); // among others a card needs no room above
FEED.replaceSync(".card { padding-top: 1.6rem; padding-bottom: 1.4rem; }");
const CHUNK = 12; // cards that come and go together: full rows in one to four columns

const state = {
  cards: [], byId: new Map(), shown: [], faces: new Map(), where: new Map(), sheets: {}, tree: [], faults: [], branch: "",
  turned: new Set(), current: "", version: -1, edition: -1, height: 300,
};
const FIELDS = ["search", "kind", "tag"];
const CHECKS = ["changed", "flagged", "unmade", "unread", "outdated", "doubted"];

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
const below = (category, branch) => category === branch || category.startsWith(`${branch}::`);

// Data

async function load() {
  const data = inside ?? (await (await fetch("cards.json")).json());
  const place = anchor();
  const findings = new Map();
  for (const fault of data.faults) findings.set(fault.card, [...(findings.get(fault.card) ?? []), fault]);
  const made = data.notes.flatMap((note) => note.cards.map((card) => {
    const id = `${note.note_type}/${note.key}/${card.ordinal + 1}`;
    return { ...card, note, id, faults: findings.get(id) ?? [] };
  }));
  const cards = [...made, ...data.unmade.map((lost) => ({
    ...lost, unmade: true, change: "", faults: [],
    note: { ...lost, note_type: "", tags: [], text: `${lost.key} ${lost.reason}`.toLowerCase() },
  }))];
  if (data.edition !== state.edition) {
    state.faces = new Map(Object.entries(data.faces ?? {}));
    state.where = new Map(Object.entries(data.where ?? {}));
  }
  const { deck, version, edition, tree, faults, stale, opens } = data;
  Object.assign(state, { deck, cards, version, edition, tree, faults, stale, opens });
  state.byId = new Map(cards.map((card) => [card.id, card]));
  state.sheets = Object.fromEntries(Object.entries(data.styles).map(([name, css]) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(BASE + css);
    return [name, sheet];
  }));
  const names = data.deck.split("::");
  const above = names.slice(0, -1).map((name) => `${name} › `).join("");
  $("deck").replaceChildren(make("span", { className: "above" }, above), names.at(-1));
  document.title = `${names.at(-1)} – Aetia preview`;
  options($("kind"), "All kinds", [...new Set(cards.map((card) => card.kind))]);
  options($("tag"), "All tags", [...new Set(data.notes.flatMap((note) => note.tags))].sort());
  showFaults();
  if (state.wanted) recall();
  await narrow(place);
  if ($("desk").open) showDesk();
}

function options(select, first, values) {
  const chosen = select.value;
  select.replaceChildren(new Option(first, ""), ...values.map((value) => new Option(value, value)));
  select.value = values.includes(chosen) ? chosen : "";
}

async function fetchFaces(ids) {
  const missing = ids.filter((id) => !state.faces.has(id) && !state.byId.get(id)?.unmade);
  if (!missing.length || inside) return;
  const query = new URLSearchParams(missing.map((id) => ["id", id]));
  const answer = await (await fetch(`faces.json?${query}`)).json();
  if (answer.edition !== state.edition) return; // a newer state is on its way
  for (const [id, face] of Object.entries(answer.faces)) state.faces.set(id, face);
}

// Write file and line under cards. That comes last: to find them the files are read again.
async function namePlaces(ids) {
  const missing = ids.filter((id) => !state.where.has(id));
  if (missing.length && !inside) {
    const query = new URLSearchParams(missing.map((id) => ["id", id]));
    const answer = await (await fetch(`places.json?${query}`)).json();
    if (answer.edition !== state.edition) return;
    for (const [id, where] of Object.entries(answer.where)) state.where.set(id, where);
  }
  for (const id of ids) {
    const foot = $("cards").querySelector(`[data-id="${CSS.escape(id)}"] .foot:empty`);
    if (foot && state.where.has(id)) foot.append(whereButton(state.where.get(id)));
  }
}

const foot = (id) => make("div", { className: "foot" }, ...(state.where.has(id) ? [whereButton(state.where.get(id))] : []));

// Filters

function narrow(place) {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Map(); // the search looks at each note once
  const matches = (note) => {
    if (!found.has(note)) found.set(note, words.every((word) => note.text.includes(word)));
    return found.get(note);
  };
  const { value: kind } = $("kind");
  const { value: tag } = $("tag");
  const tests = [
    [kind, (card) => card.kind === kind],
    [tag, (card) => card.note.tags.includes(tag)],
    ...CHECKS.map((id) => [$(id).checked, (card) => HAS[id](card)]),
    [words.length, (card) => matches(card.note)],
  ].filter(([wanted]) => wanted).map(([, test]) => test);
  const anywhere = state.cards.filter((card) => tests.every((test) => test(card)));
  const filtered = tests.length > 0 || state.branch !== "";
  state.shown = state.branch ? anywhere.filter((card) => below(card.note.category, state.branch)) : anywhere;
  if (!filtered) state.shown = mixed(state.shown);
  $("order").hidden = filtered || state.shown.every((card, index) => card === state.cards[index]);
  const [shown, all] = [state.shown, state.cards].map((cards) => cards.filter((card) => !card.unmade).length);
  const lost = state.shown.length - shown;
  $("count").textContent = `${shown}${shown === all ? "" : ` of ${all}`} ${all === 1 ? "card" : "cards"}${lost ? `, ${lost} not made` : ""}`;
  $("clear").hidden = !filtered;
  $("none").hidden = state.shown.length > 0 || !state.cards.length;
  countChecks();
  showTree(anywhere.filter((card) => !card.unmade));
  return showCards(place);
}

const HAS = {
  changed: (card) => card.change, flagged: (card) => card.faults.length, unmade: (card) => card.unmade,
  unread: () => false, outdated: () => false, doubted: () => false, // as `review.js` says
};

function countChecks() {
  for (const id of CHECKS) {
    const number = state.cards.filter(HAS[id]).length;
    $(id).parentElement.querySelector(".n").textContent = number;
    $(id).parentElement.hidden = !number && !$(id).checked;
  }
}

// Every card in the order to learn them, after one of each kind, so that the first screen shows what the deck has.
function mixed(cards) {
  const first = new Map();
  for (const card of cards) if (!card.unmade && !first.has(card.kind)) first.set(card.kind, card);
  const shown = new Set(first.values());
  return [...shown, ...cards.filter((card) => !shown.has(card))];
}

// The filters are in the address, so that a reload, or a colleague who gets the link, shows the same cards.

function remember() {
  const wanted = new URLSearchParams();
  for (const id of FIELDS) if ($(id).value) wanted.set(id, $(id).value);
  if (state.branch) wanted.set("branch", state.branch);
  for (const id of CHECKS) if ($(id).checked) wanted.set(id, "1");
  history.replaceState(null, "", wanted.size ? `#${wanted}` : location.pathname + location.search);
}

function recall() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const id of FIELDS) $(id).value = wanted.get(id) ?? "";
  for (const id of ["kind", "tag"]) if ($(id).selectedIndex < 0) $(id).value = ""; // it has left the deck
  for (const id of CHECKS) $(id).checked = wanted.has(id);
  const branch = wanted.get("branch") ?? "";
  state.branch = state.tree.some(({ tag }) => tag === branch) ? branch : "";
  state.wanted = false;
}

function showTree(cards) {
  const counts = new Map();
  for (const { note } of cards) counts.set(note.category, (counts.get(note.category) ?? 0) + 1);
  $("tree").replaceChildren(...state.tree.map(({ tag, name, depth }) => {
    let number = 0;
    for (const [category, count] of counts) if (below(category, tag)) number += count;
    const button = make(
      "button",
      { type: "button", className: number ? "" : "empty" },
      make("span", {}, name),
      make("span", { className: "n" }, String(number)),
    );
    button.style.paddingLeft = `${0.5 + depth * 0.9}rem`;
    button.setAttribute("aria-pressed", String(state.branch === tag));
    button.dataset.tag = tag;
    button.onclick = () => {
      state.branch = state.branch === tag ? "" : tag;
      restart();
      $("tree").querySelector(`[data-tag="${CSS.escape(tag)}"]`).focus();
    };
    return button;
  }));
}

function restart() {
  state.current = "";
  remember();
  narrow();
  if ($("main").getBoundingClientRect().top < 0) $("main").scrollIntoView();
}

function clear() {
  state.branch = "";
  for (const id of FIELDS) $(id).value = "";
  for (const id of CHECKS) $(id).checked = false;
  restart();
}

// Findings

function said(text) {
  return text.split("`").map((part, index) => index % 2 ? make("code", {}, part) : part);
}

function faultLine(fault, brief) {
  return make(
    "div",
    { className: `fault ${fault.severity}`, tabIndex: brief ? undefined : -1 },
    make("b", {}, `${fault.severity}[${fault.code}]: `),
    ...said(fault.message),
    " ",
    whereButton(fault.where),
    ...(fault.source.trim() && !brief ? [sourceLine(fault)] : []),
    ...(fault.hint && !brief ? [make("p", { className: "hint" }, ...said(fault.hint))] : []),
  );
}

// The line of the file with the piece that a finding is about.
function sourceLine({ line, source, start, width }) {
  const [before, piece, after] = [source.slice(0, start), source.slice(start, start + width), source.slice(start + width)];
  return make("pre", { tabIndex: 0 }, make("span", { className: "n" }, String(line)), before, make("mark", {}, piece), after);
}

function showFaults() {
  const count = (severity) => state.faults.filter((fault) => fault.severity === severity).length;
  const parts = ["error", "warning", "info"].map((kind) => [count(kind), kind]).filter(([number]) => number);
  const named = parts.map(([number, kind]) => [kind, plural(number, kind === "info" ? "remark" : kind)]);
  const title = named.map(([, text]) => text).join(", ");
  const broken = count("error") > 0;
  const was = $("faults").dataset.broken;
  $("faults").hidden = !state.faults.length;
  $("faults").dataset.broken = broken;
  if (was !== String(broken)) $("faults").open = broken;
  const told = !state.stale && !state.faults.some((fault) => fault.stops)
    ? "`aetia build` makes the package all the same; `aetia build --strict` stops at these errors."
    : !state.stale ? "`aetia build` stops at these errors."
    : state.cards.length ? "The cards are shown as they were until the errors are mended."
    : "There is no card to show until the errors are mended.";
  const worst = parts.flatMap(([, kind]) => state.faults.filter((fault) => fault.severity === kind));
  const lost = state.cards.filter(HAS.unmade).length;
  $("state").replaceChildren(
    ...named.map(([kind, text]) => make("button", { type: "button", className: `quiet ${kind}`, onclick: () => jump(kind) }, text)),
    ...(lost ? [make("button", { type: "button", className: "quiet warning", onclick: showUnmade }, `${lost} not made`)] : []),
    ...(named.length || lost ? [] : ["Nothing wrong"]),
  );
  $("faults").replaceChildren(
    make("summary", {}, title), ...(broken ? [make("p", {}, ...said(told))] : []), ...worst.slice(0, 200).map((fault) => faultLine(fault, false)),
    ...(worst.length > 200 ? [make("p", {}, `and ${worst.length - 200} more: run aetia check`)] : []),
  );
}

// Go to the first finding of a severity.
function jump(kind) {
  $("faults").open = true;
  const fault = $("faults").querySelector(`.fault.${kind}`);
  (fault ?? $("faults")).scrollIntoView({ block: "start" });
  fault?.focus({ preventScroll: true });
}

// Go to the cards that are not made.
function showUnmade() {
  clear();
  $("unmade").checked = true;
  restart();
  $("main").scrollIntoView();
}

// A file and a line, which a click opens in the author's editor or copies.
function whereButton(where) {
  const title = state.opens ? "Open in the editor" : "Copy file and line";
  const button = make("button", { type: "button", className: "where", title }, make("code", {}, where));
  button.onclick = async (event) => {
    event.stopPropagation();
    if (state.opens && await opened(where)) button.dataset.told = "opened";
    else if (await copied(where)) button.dataset.told = "copied";
    else getSelection().selectAllChildren(button); // the browser does not allow it: the reader copies it by hand
    setTimeout(() => delete button.dataset.told, 1500);
  };
  return button;
}

async function opened(where) {
  const answer = await fetch("open", { method: "POST", body: where });
  if (!answer.ok) return false;
  const address = await answer.text();
  if (address) make("a", { href: address }).click(); // the browser hands it to the editor
  return true;
}

const copied = (where) => navigator.clipboard.writeText(where).then(() => true, () => false);

// Cards

const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    target.near = isIntersecting;
    if (isIntersecting) fill(target);
    else empty(target);
  }
}, { rootMargin: "700px 0px" });

const chunks = () => [...$("cards").children];
const idsOf = (chunk) => state.shown.slice(chunk.first, chunk.first + CHUNK).map((card) => card.id);
const chunkAt = (index) => $("cards").children[Math.floor(index / CHUNK)];

async function showCards(place) {
  const at = place ? Math.max(0, state.shown.findIndex((card) => card.id === place.id)) : 0;
  const first = Math.floor(at / CHUNK) * CHUNK;
  const start = Math.max(0, first - (place ? CHUNK : 0));
  const version = state.version;
  const { shown } = state;
  await fetchFaces(shown.slice(start, first + 2 * CHUNK).map((card) => card.id));
  if (version !== state.version || shown !== state.shown) return; // a newer filter or state has taken over
  watcher.disconnect();
  const made = [];
  for (let index = 0; index < shown.length; index += CHUNK) {
    const chunk = make("div", { className: "chunk", first: index });
    const visible = index >= start && index < first + 2 * CHUNK;
    if (visible) chunk.append(...idsOf(chunk).map(item));
    else chunk.style.height = `${estimate(Math.min(CHUNK, shown.length - index))}px`;
    made.push(chunk);
  }
  const focus = document.activeElement.closest(".item")?.dataset.id;
  $("cards").replaceChildren(...made);
  $("cards").hidden = !made.length;
  if (place) back(place);
  if (focus) $("cards").querySelector(`[data-id="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  for (const chunk of made) watcher.observe(chunk);
  namePlaces(made.filter((chunk) => chunk.firstChild).flatMap(idsOf));
}

// The height of cards that are not drawn, from those that were.
function estimate(cards) {
  const columns = Math.max(1, Math.floor(($("cards").clientWidth + 16) / (document.body.classList.contains("phone") ? 393 : 432)));
  return Math.ceil(cards / columns) * state.height;
}

async function fill(chunk) {
  if (chunk.firstChild) return;
  const ids = idsOf(chunk);
  await fetchFaces(ids);
  if (!chunk.isConnected || !chunk.near || chunk.firstChild) return;
  chunk.append(...ids.map(item));
  chunk.style.height = "";
  namePlaces(ids);
}

function empty(chunk) {
  if (!chunk.firstChild || chunk.contains(document.activeElement)) return;
  const height = chunk.offsetHeight;
  state.height = (height / chunk.children.length) * Math.max(1, Math.round($("cards").clientWidth / chunk.firstChild.offsetWidth));
  chunk.style.height = `${height}px`;
  chunk.replaceChildren();
}

const PICTURE = /(<img\b[^>]*?\bsrc=")([^"]+)"/g;

function face(card, html, { sheets = [FEED], night = $("night").checked } = {}) {
  const host = make("div");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [state.sheets[card.note.note_type], ...sheets];
  const frame = make("div", { className: `card card${card.ordinal + 1}${night ? " nightMode" : ""}` });
  frame.innerHTML = inside
    ? html.replace(PICTURE, (all, head, name) => (name in inside.media ? `${head}${inside.media[name]}"` : all)) : html;
  if (inside) for (const details of frame.querySelectorAll("details")) details.open = true; // nobody signs what is folded away
  root.append(frame);
  return host;
}

const BELOW = []; // what makes further parts of an item, below its face

function lostItem(card) {
  const bar = make(
    "div",
    { className: "bar" },
    make("b", {}, card.kind),
    make("span", { className: "key", title: card.key }, card.key),
    make("span", { className: "badge" }, "not made"),
  );
  const reason = make("p", {}, ...said(`${card.reason[0].toUpperCase()}${card.reason.slice(1)}.`));
  return numbered(make("article", { className: "item unmade", tabIndex: -1 }, bar, reason, foot(card.id)), card);
}

// An item with its place in the feed.
function numbered(element, card) {
  element.classList.toggle("current", card.id === state.current);
  element.dataset.id = card.id;
  element.setAttribute("aria-label", `${card.kind}: ${card.note.key === "/" ? state.cards.length : card.note.key}`);
  element.setAttribute("aria-posinset", state.shown.indexOf(card) + 1);
  element.setAttribute("aria-setsize", state.shown.length);
  return element;
}

function item(id) {
  const card = state.byId.get(id);
  if (card.unmade) return lostItem(card);
  const sides = state.faces.get(id) ?? { front: "", back: "" };
  const both = $("changed").checked && sides.before;
  const behind = both && sides.before[0] === sides.front; // what differs comes first
  const answered = ($("answers").checked || Boolean(behind)) !== state.turned.has(id);
  const turn = make("button", { type: "button", className: "quiet" }, answered ? "Show question" : "Show answer");
  const key = card.note.key === "/" ? "" : card.note.key;
  const bar = make("div", { className: "bar" }, make("b", {}, card.kind), make("span", { className: "key", title: key }, key));
  if (card.change) bar.append(make("span", { className: "badge" }, card.change));
  bar.append(turn);
  const faces = make("div", { className: "faces" });
  const now = face(card, answered ? sides.back : sides.front);
  if (both) {
    faces.classList.add("two");
    const captioned = (text, host) => make("figure", {}, make("figcaption", {}, text), host);
    const before = face(card, sides.before[answered ? 1 : 0]);
    markWords(before.shadowRoot, now.shadowRoot);
    faces.append(captioned("Before", before), captioned("Now", now));
  } else faces.append(now);
  const told = card.faults.map((fault) => faultLine(fault, true));
  const element = numbered(make("article", { className: "item", tabIndex: -1 }, bar, ...told, faces, ...BELOW.map((part) => part(card)), foot(id)), card);
  element.classList.toggle("both", Boolean(both));
  turn.onclick = () => flip(element);
  faces.onclick = () => {
    if (getSelection().toString()) return;
    choose(element);
    flip(element);
  };
  return element;
}

// Mark the words that two faces of a card do not share: those that went in the one, those that came in the other.
function markWords(before, now) {
  const [old, fresh] = [wordsOf(before), wordsOf(now)];
  if (old.length * fresh.length > 1e6) return;
  const same = (i, j) => old[i].word === fresh[j].word;
  const longest = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = fresh.length - 1; j >= 0; j--)
      longest[i][j] = same(i, j) ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
  const gone = [];
  const come = [];
  for (let i = 0, j = 0; i < old.length || j < fresh.length;) {
    if (i < old.length && j < fresh.length && same(i, j)) i++, j++;
    else if (j === fresh.length || (i < old.length && longest[i + 1][j] >= longest[i][j + 1])) gone.push(old[i++]);
    else come.push(fresh[j++]);
  }
  for (const [words, name] of [[gone, "was"], [come, "now"]])
    for (const { node, start, end } of words.reverse()) { // from behind, so that places before them stay
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, end);
      range.surroundContents(make("span", { className: name }));
    }
}

const SEGMENTS = new Intl.Segmenter(undefined, { granularity: "word" });

function wordsOf(root) {
  const words = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest("math, svg, style")) continue;
    for (const { segment, index } of SEGMENTS.segment(node.data))
      if (segment.trim()) words.push({ word: segment, node, start: index, end: index + segment.length });
  }
  return words;
}

function redrawn(element) {
  const fresh = item(element.dataset.id);
  const focused = element.contains(document.activeElement) && (document.activeElement === element ? "self" : "button");
  element.replaceWith(fresh);
  if (focused) (focused === "self" ? fresh : fresh.querySelector(".bar > .quiet")).focus({ preventScroll: true });
  return fresh;
}

function flip(element) {
  const { id } = element.dataset;
  if (state.byId.get(id).unmade) return;
  if (!state.turned.delete(id)) state.turned.add(id);
  redrawn(element);
}

// Where the reader is: the first card in the window and its distance from the top.
function anchor() {
  for (const element of document.querySelectorAll(".item")) {
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom > 100 && top < innerHeight) return scrollY > 0 ? { id: element.dataset.id, top } : null;
  }
  return null;
}

function back(place) {
  const element = $("cards").querySelector(`[data-id="${CSS.escape(place.id)}"]`);
  if (element) window.scrollBy(0, element.getBoundingClientRect().top - place.top);
}

// Keyboard

async function move(step) {
  if (!state.shown.length) return;
  const from = state.shown.findIndex((card) => card.id === state.current);
  const seen = anchor()?.id;
  const start = seen ? state.shown.findIndex((card) => card.id === seen) : 0;
  const to = from < 0 ? start : Math.min(state.shown.length - 1, Math.max(0, from + step));
  const chunk = chunkAt(to);
  chunk.near = true;
  await fill(chunk);
  const element = chunk.children[to - chunk.first];
  choose(element);
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

function choose(element) {
  state.current = element.dataset.id;
  for (const each of document.querySelectorAll(".item.current")) each.classList.remove("current");
  element.classList.add("current");
}

function columns() {
  const chunk = chunks().find((each) => each.firstChild);
  return chunk ? getComputedStyle(chunk).gridTemplateColumns.split(" ").length : 1;
}

const MOVES = {
  ArrowRight: () => 1, ArrowLeft: () => -1, ArrowDown: () => columns(), ArrowUp: () => -columns(), j: () => 1, k: () => -1,
};

const KEYS = {
  "/": () => {
    $("panel").open = true;
    $("search").focus();
  },
  s: () => $("study").click(),
  "?": () => $("help").click(),
  e: (current) => current?.querySelector(".foot .where")?.click(),
  " ": (current) => current && flip(current),
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input:not([type=checkbox]), select, textarea")) return;
  if ($("desk").open) return studyKey(event);
  if (document.querySelector("dialog[open]") || (key === " " && target.matches("button, input, summary"))) return;
  if (!(key in MOVES) && !(key in KEYS)) return;
  event.preventDefault();
  if (key in MOVES) move(MOVES[key]());
  else KEYS[key]($("cards").querySelector(".current"));
});

$("help").onclick = () => $("keyboard").showModal();

// Switches

function redraw() {
  document.body.classList.toggle("phone", $("phone").checked);
  document.documentElement.style.colorScheme = $("night").checked ? "dark" : "light";
  for (const element of document.querySelectorAll(".item")) redrawn(element);
  if ($("desk").open) showDesk();
}

for (const id of [...FIELDS, ...CHECKS]) $(id).addEventListener("input", restart);
for (const id of ["night", "phone"]) $(id).addEventListener("change", redraw);
$("answers").addEventListener("change", () => { state.turned.clear(); redraw(); });
$("clear").onclick = clear;

const wide = matchMedia("(min-width: 761px)");
const fold = () => { $("panel").open = wide.matches; };
wide.addEventListener("change", fold);
fold();
$("night").checked = matchMedia("(prefers-color-scheme: dark)").matches;
redraw();
state.wanted = true;
window.addEventListener("hashchange", () => { recall(); narrow(); });
document.addEventListener("DOMContentLoaded", load); // when every script is there
if (!inside) {
  const events = new EventSource("events");
  events.onmessage = (event) => { if (Number(event.data) !== state.version && state.version >= 0) load(); };
  events.onopen = () => { $("lost").hidden = true; };
  events.onerror = () => { $("lost").hidden = false; };
}
