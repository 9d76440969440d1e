"use strict";
// The preview page. Cards live in shadow roots so that their style and the page's do not meet; only the cards near the
// window are in the page at all. The data come from the server, or stand in the page itself when it was exported.

const $ = (id) => document.getElementById(id);
const inside = $("data") ? JSON.parse($("data").textContent) : null;
const BASE = `:host { display: grid; } .card { min-width: 0; min-height: 10rem; box-sizing: border-box; }
  img, svg { max-width: 100%; }`;
const CHUNK = 12; // cards that come and go together: full rows in one to four columns

const state = {
  cards: [], byId: new Map(), shown: [], faces: new Map(), sheets: {}, tree: [], faults: [], branch: "",
  turned: new Set(), current: "", version: -1, edition: -1, height: 300,
};

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
  const findings = Map.groupBy(data.faults, (fault) => fault.entry);
  const cards = data.notes.flatMap((note) => note.cards.map(([ordinal, kind]) => ({
    note, ordinal, kind, id: `${note.note_type}/${note.key}/${ordinal + 1}`, faults: findings.get(note.key) ?? [],
  })));
  if (data.edition !== state.edition) state.faces = new Map(Object.entries(data.faces ?? {}));
  const { version, edition, tree, faults, stale } = data;
  Object.assign(state, { cards, version, edition, tree, faults, stale });
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
  await narrow(place);
  if ($("desk").open) showDesk();
}

function options(select, first, values) {
  const chosen = select.value;
  select.replaceChildren(new Option(first, ""), ...values.map((value) => new Option(value, value)));
  select.value = values.includes(chosen) ? chosen : "";
}

async function fetchFaces(ids) {
  const missing = ids.filter((id) => !state.faces.has(id));
  if (!missing.length || inside) return;
  const query = new URLSearchParams(missing.map((id) => ["id", id]));
  const answer = await (await fetch(`faces.json?${query}`)).json();
  if (answer.edition !== state.edition) return; // a newer state is on its way
  for (const [id, face] of Object.entries(answer.faces)) state.faces.set(id, face);
}

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
    [$("changed").checked, (card) => card.note.change],
    [$("flagged").checked, (card) => card.faults.length],
    [words.length, (card) => matches(card.note)],
  ].filter(([wanted]) => wanted).map(([, test]) => test);
  const anywhere = state.cards.filter((card) => tests.every((test) => test(card)));
  state.shown = state.branch ? anywhere.filter((card) => below(card.note.category, state.branch)) : anywhere;
  const everything = state.shown.length === state.cards.length;
  const of = everything ? "" : ` of ${state.cards.length}`;
  $("count").textContent = `${state.shown.length}${of} ${state.cards.length === 1 ? "card" : "cards"}`;
  $("clear").hidden = !tests.length && !state.branch;
  $("none").hidden = state.shown.length > 0 || !state.cards.length;
  for (const [id, test] of [["changed", (card) => card.note.change], ["flagged", (card) => card.faults.length]]) {
    const number = state.cards.filter(test).length;
    $(id).parentElement.querySelector(".n").textContent = number;
    $(id).parentElement.hidden = !number && !$(id).checked;
  }
  showTree(anywhere);
  return showCards(place);
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
  narrow();
  if ($("main").getBoundingClientRect().top < 0) $("main").scrollIntoView();
}

function clear() {
  state.branch = "";
  for (const id of ["search", "kind", "tag"]) $(id).value = "";
  for (const id of ["changed", "flagged"]) $(id).checked = false;
  restart();
}

// Findings

function said(text) {
  return text.split("`").map((part, index) => index % 2 ? make("code", {}, part) : part);
}

function faultLine(fault, brief) {
  return make(
    "div",
    { className: `fault ${fault.severity}` },
    make("b", {}, `${fault.severity}[${fault.code}]: `),
    ...said(fault.message),
    " ",
    make("code", { className: "where" }, fault.where),
    ...(fault.hint && !brief ? [make("pre", { tabIndex: 0 }, fault.hint)] : []),
  );
}

function showFaults() {
  const count = (severity) => state.faults.filter((fault) => fault.severity === severity).length;
  const parts = ["error", "warning", "info"].map((kind) => [count(kind), kind]).filter(([number]) => number);
  const title = parts.map(([number, kind]) => plural(number, kind === "info" ? "remark" : kind)).join(", ");
  const broken = count("error") > 0;
  const was = $("faults").dataset.broken;
  $("faults").hidden = !state.faults.length;
  $("faults").dataset.broken = broken;
  if (was !== String(broken)) $("faults").open = broken;
  const told = !state.stale ? "The deck cannot be built before the errors are mended."
    : state.cards.length ? "The cards are shown as they were until the errors are mended."
    : "There is no card to show until the errors are mended.";
  const worst = [...state.faults].sort((a, b) => (b.severity === "error") - (a.severity === "error"));
  $("faults").replaceChildren(
    make("summary", {}, title), ...(broken ? [make("p", {}, told)] : []), ...worst.slice(0, 200).map((fault) => faultLine(fault, false)),
    ...(worst.length > 200 ? [make("p", {}, `and ${worst.length - 200} more: run aetia check`)] : []),
  );
}

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
}

function empty(chunk) {
  if (!chunk.firstChild || chunk.contains(document.activeElement)) return;
  const height = chunk.offsetHeight;
  state.height = (height / chunk.children.length) * Math.max(1, Math.round($("cards").clientWidth / chunk.firstChild.offsetWidth));
  chunk.style.height = `${height}px`;
  chunk.replaceChildren();
}

const PICTURE = /(<img\b[^>]*?\bsrc=")([^"]+)"/g;

function face(card, html) {
  const host = make("div");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [state.sheets[card.note.note_type]];
  const frame = make("div", { className: `card card${card.ordinal + 1}${$("night").checked ? " nightMode" : ""}` });
  frame.innerHTML = inside
    ? html.replace(PICTURE, (all, head, name) => (name in inside.media ? `${head}${inside.media[name]}"` : all)) : html;
  root.append(frame);
  return host;
}

const turned = (id) => $("answers").checked !== state.turned.has(id);

function item(id) {
  const card = state.byId.get(id);
  const sides = state.faces.get(id) ?? { front: "", back: "" };
  const answered = turned(id);
  const number = state.shown.indexOf(card);
  const turn = make("button", { type: "button", className: "quiet" }, answered ? "Show question" : "Show answer");
  const key = card.note.key === "/" ? "" : card.note.key;
  const bar = make("div", { className: "bar" }, make("b", {}, card.kind), make("span", { className: "key", title: key }, key));
  if (card.note.change) bar.append(make("span", { className: "badge" }, card.note.change));
  bar.append(turn);
  const faces = make("div", { className: "faces" });
  const now = face(card, answered ? sides.back : sides.front);
  const both = $("changed").checked && sides.before;
  if (both) {
    faces.classList.add("two");
    const captioned = (text, host) => make("figure", {}, make("figcaption", {}, text), host);
    faces.append(captioned("Before", face(card, sides.before[answered ? 1 : 0])), captioned("Now", now));
  } else faces.append(now);
  const element = make("article", { className: "item", tabIndex: -1 }, bar, ...card.faults.map((fault) => faultLine(fault, true)), faces);
  element.classList.toggle("both", Boolean(both));
  element.classList.toggle("current", id === state.current);
  element.dataset.id = id;
  element.setAttribute("aria-label", `${card.kind}: ${key || state.cards.length}`);
  element.setAttribute("aria-posinset", number + 1);
  element.setAttribute("aria-setsize", state.shown.length);
  turn.onclick = () => flip(element);
  faces.onclick = () => {
    if (getSelection().toString()) return;
    choose(element);
    flip(element);
  };
  return element;
}

function redrawn(element) {
  const fresh = item(element.dataset.id);
  const focused = element.contains(document.activeElement) && (document.activeElement === element ? "self" : "button");
  element.replaceWith(fresh);
  if (focused) (focused === "self" ? fresh : fresh.querySelector("button")).focus({ preventScroll: true });
  return fresh;
}

function flip(element) {
  const { id } = element.dataset;
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

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input[type=search], select");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if ($("desk").open) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, " ": 0 };
    if (event.key in steps && !(event.key === " " && event.target.matches("button:not(#flip)"))) {
      event.preventDefault();
      study(steps[event.key]);
    }
    return;
  }
  if (typing) return;
  const current = $("cards").querySelector(".current");
  if (event.key === "/") {
    event.preventDefault();
    $("panel").open = true;
    $("search").focus();
  } else if (event.key in MOVES) {
    event.preventDefault();
    move(MOVES[event.key]());
  } else if (event.key === "s") {
    $("study").click();
  } else if (event.key === " " && current && !event.target.matches("button, input, summary")) {
    event.preventDefault();
    flip(current);
  }
});

// Study mode: one card at a time.

const desk = { at: 0, back: false };

async function showDesk() {
  desk.at = Math.min(Math.max(desk.at, 0), state.shown.length - 1);
  const card = state.shown[desk.at];
  $("where").textContent = card ? `${desk.at + 1} of ${state.shown.length} · ${card.kind}` : "No cards";
  $("progress").value = card ? (desk.at + 1) / state.shown.length : 0;
  $("previous").disabled = desk.at <= 0;
  const last = desk.at >= state.shown.length - 1;
  $("next").disabled = last;
  const turn = desk.back ? (last ? "Close" : "Next") : "Show answer";
  $("flip").replaceChildren(`${turn} `, make("kbd", {}, "space"));
  if (!card) return $("stage").replaceChildren();
  await fetchFaces([card.id]);
  const sides = state.faces.get(card.id);
  if (sides && card === state.shown[desk.at]) $("stage").replaceChildren(face(card, desk.back ? sides.back : sides.front));
  $("stage").scrollTop = 0;
}

function study(step) {
  if (step === 0 && !desk.back) desk.back = true;
  else if (step === 0 && desk.at >= state.shown.length - 1) return $("desk").close();
  else if (step < 0 && desk.back) desk.back = false;
  else Object.assign(desk, { at: desk.at + (step || 1), back: false });
  showDesk();
}

$("study").onclick = () => {
  Object.assign(desk, { at: Math.max(0, state.shown.findIndex((card) => card.id === state.current)), back: false });
  $("desk").showModal();
  $("flip").focus();
  showDesk();
};
$("flip").onclick = () => study(0);
$("stage").onclick = () => { if (!getSelection().toString()) study(0); };
$("next").onclick = () => study(1);
$("previous").onclick = () => Object.assign(desk, { back: false }) && study(-1);
$("close").onclick = () => $("desk").close();

// Switches

function redraw() {
  document.body.classList.toggle("phone", $("phone").checked);
  document.documentElement.style.colorScheme = $("night").checked ? "dark" : "light";
  for (const element of document.querySelectorAll(".item")) redrawn(element);
  if ($("desk").open) showDesk();
}

for (const id of ["search", "kind", "tag", "changed", "flagged"]) $(id).addEventListener("input", restart);
for (const id of ["night", "phone"]) $(id).addEventListener("change", redraw);
$("answers").addEventListener("change", () => { state.turned.clear(); redraw(); });
$("clear").onclick = clear;

const wide = matchMedia("(min-width: 761px)");
const fold = () => { $("panel").open = wide.matches; };
wide.addEventListener("change", fold);
fold();
$("night").checked = matchMedia("(prefers-color-scheme: dark)").matches;
redraw();
load();
if (!inside) {
  const events = new EventSource("events");
  events.onmessage = (event) => { if (Number(event.data) !== state.version && state.version >= 0) load(); };
  events.onopen = () => { $("lost").hidden = true; };
  events.onerror = () => { $("lost").hidden = false; };
}
