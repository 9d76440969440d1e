"use strict";
// The preview page. Cards live in shadow roots so that their style and the page's do not meet; only the cards near the
// window are in the page at all. The data come from the server, or stand in the page itself when it was exported.

const $ = (id) => document.getElementById(id);
const inside = $("data") ? JSON.parse($("data").textContent) : null;
const BASE = `:host { display: block; }
  .card { min-height: 12rem; } img { max-width: 100%; } svg { max-width: 100%; }`;

const state = { cards: [], byId: new Map(), shown: [], faces: new Map(), sheets: {}, branch: "", flipped: new Set(), version: -1 };

async function load() {
  const data = inside ?? (await (await fetch("cards.json")).json());
  const place = anchor();
  Object.assign(state, { cards: data.cards, version: data.version });
  state.byId = new Map(data.cards.map((card) => [card.id, card]));
  state.faces = new Map(Object.entries(data.faces ?? {}));
  state.sheets = Object.fromEntries(Object.entries(data.styles).map(([name, css]) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(BASE + css);
    return [name, sheet];
  }));
  $("deck").textContent = data.deck;
  document.title = `${data.deck} – Aetia preview`;
  state.faults = data.faults;
  options($("kind"), "All kinds", [...new Set(data.cards.map((card) => card.kind))]);
  options($("tag"), "All tags", [...new Set(data.cards.flatMap((card) => card.tags))].sort());
  showTree(data.tree);
  showFaults();
  filter();
  if (place) back(place);
  if ($("desk").open) showDesk();
}

function options(select, first, values) {
  const chosen = select.value;
  select.replaceChildren(new Option(first, ""), ...values.map((value) => new Option(value, value)));
  select.value = values.includes(chosen) ? chosen : "";
}

function showTree(tree) {
  const entry = (tag, name, depth, cards) => {
    const button = document.createElement("button");
    button.type = "button";
    button.style.paddingLeft = `${0.5 + depth * 0.9}rem`;
    button.setAttribute("aria-pressed", String(state.branch === tag));
    const label = document.createElement("span");
    label.textContent = name;
    const count = document.createElement("span");
    count.className = "n";
    count.textContent = cards;
    button.append(label, count);
    button.onclick = () => {
      state.branch = state.branch === tag ? "" : tag;
      showTree(tree);
      filter();
    };
    return button;
  };
  $("tree").replaceChildren(...tree.map((b) => entry(b.tag, b.name, b.depth, b.cards)));
}

function faultLine(fault) {
  const line = document.createElement("p");
  line.className = `fault ${fault.severity}`;
  const where = document.createElement("code");
  where.textContent = fault.where;
  line.append(`${fault.severity}: ${fault.message} `, where);
  if (fault.hint) {
    const hint = document.createElement("pre");
    hint.textContent = fault.hint;
    line.append(hint);
  }
  return line;
}

function showFaults() {
  const keys = new Set(state.cards.map((card) => card.key));
  const loose = state.faults.filter((fault) => !keys.has(fault.entry));
  $("faults").hidden = loose.length === 0;
  const title = document.createElement("h2");
  const errors = state.faults.filter((fault) => fault.severity === "error").length;
  title.textContent = errors ? `${errors} to mend before the deck can be built` : "Remarks on the deck";
  $("faults").replaceChildren(title, ...loose.map(faultLine));
}

function filter() {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const { value: kind } = $("kind");
  const { value: tag } = $("tag");
  state.shown = state.cards.filter((card) =>
    words.every((word) => card.text.includes(word)) && (!kind || card.kind === kind)
    && (!tag || card.tags.includes(tag)) && (!$("changed").checked || card.changed)
    && (!state.branch || card.category === state.branch || card.category.startsWith(`${state.branch}::`)));
  $("count").textContent = `${state.shown.length} of ${state.cards.length} cards`;
  watcher.disconnect();
  $("cards").replaceChildren(...state.shown.map(item));
  for (const element of $("cards").children) watcher.observe(element);
}

function item(card) {
  const element = document.createElement("li");
  element.className = "item";
  element.tabIndex = -1;
  element.dataset.id = card.id;
  return element;
}

const watcher = new IntersectionObserver((entries) => {
  const coming = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
  for (const entry of entries) if (!entry.isIntersecting) empty(entry.target);
  fill(coming);
}, { rootMargin: "600px 0px" });

function empty(element) {
  if (!element.firstChild || element.contains(document.activeElement)) return;
  element.style.minHeight = `${element.offsetHeight}px`;
  element.replaceChildren();
}

async function fill(elements) {
  await fetchFaces(elements.map((element) => element.dataset.id));
  for (const element of elements) if (element.isConnected) draw(element);
}

async function fetchFaces(ids) {
  const missing = ids.filter((id) => !state.faces.has(id));
  if (!missing.length || inside) return;
  const version = state.version;
  const query = new URLSearchParams(missing.map((id) => ["id", id]));
  const faces = await (await fetch(`faces.json?${query}`)).json();
  if (version === state.version) for (const [id, face] of Object.entries(faces)) state.faces.set(id, face);
}

function face(card, html) {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [state.sheets[card.note_type]];
  const frame = document.createElement("div");
  frame.className = `card card${card.ordinal + 1}${$("night").checked ? " nightMode" : ""}`;
  frame.innerHTML = html;
  root.append(frame);
  return host;
}

function captioned(text, host) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = text;
  figure.append(caption, host);
  return figure;
}

function draw(element) {
  const card = state.byId.get(element.dataset.id);
  const sides = card && state.faces.get(card.id);
  if (!sides) return;
  const flipped = state.flipped.has(card.id);
  const bar = document.createElement("div");
  bar.className = "bar";
  const name = document.createElement("span");
  const kind = document.createElement("b");
  kind.textContent = card.kind;
  name.append(kind, ` · ${card.key}`);
  if (card.changed) {
    const fresh = document.createElement("span");
    fresh.className = "new";
    fresh.textContent = " changed";
    name.append(fresh);
  }
  const turn = document.createElement("button");
  turn.type = "button";
  turn.textContent = flipped ? "Show question" : "Show answer";
  turn.onclick = () => flip(element);
  bar.append(name, turn);
  const now = face(card, flipped ? sides.back : sides.front);
  const faces = document.createElement("div");
  faces.className = "faces";
  if ($("changed").checked && sides.before) {
    faces.classList.add("two");
    faces.append(captioned("Before", face(card, sides.before[flipped ? 1 : 0])), captioned("Now", now));
  } else faces.append(now);
  faces.onclick = () => { if (!getSelection().toString()) flip(element); };
  element.replaceChildren(bar, ...state.faults.filter((f) => f.entry === card.key).map(faultLine), faces);
  element.style.minHeight = "";
}

function flip(element) {
  const { id } = element.dataset;
  if (!state.flipped.delete(id)) state.flipped.add(id);
  const focused = element.contains(document.activeElement);
  draw(element);
  if (focused) element.querySelector("button").focus();
}

// Where the reader is: the first card in the window and its distance from the top.
function anchor() {
  for (const element of $("cards").children) {
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom > 100) return { id: element.dataset.id, top };
  }
  return null;
}

function back(place) {
  const element = [...$("cards").children].find((each) => each.dataset.id === place.id);
  if (element) window.scrollBy(0, element.getBoundingClientRect().top - place.top);
}

function current() {
  return $("cards").querySelector(".current");
}

function move(step) {
  const items = [...$("cards").children];
  const from = items.indexOf(current());
  const to = items[Math.min(items.length - 1, Math.max(0, from + step))];
  if (!to) return;
  current()?.classList.remove("current");
  to.classList.add("current");
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
}

// Study mode: one card at a time.
const desk = { at: 0, back: false };

async function showDesk() {
  desk.at = Math.min(Math.max(desk.at, 0), state.shown.length - 1);
  const card = state.shown[desk.at];
  $("where").textContent = card ? `${desk.at + 1} of ${state.shown.length} · ${card.kind}` : "No cards";
  if (!card) return $("stage").replaceChildren();
  await fetchFaces([card.id]);
  const sides = state.faces.get(card.id);
  if (sides) $("stage").replaceChildren(face(card, desk.back ? sides.back : sides.front));
  $("flip").textContent = desk.back ? "Next (space)" : "Show answer (space)";
  $("stage").scrollTop = 0;
}

function study(step) {
  if (step === 0 && !desk.back) desk.back = true;
  else Object.assign(desk, { at: desk.at + (step || 1), back: false });
  showDesk();
}

function redraw() {
  document.body.classList.toggle("phone", $("phone").checked);
  document.documentElement.style.colorScheme = $("night").checked ? "dark" : "light";
  for (const element of $("cards").children) if (element.firstChild) draw(element);
  if ($("desk").open) showDesk();
}

for (const id of ["search", "kind", "tag", "changed"]) $(id).addEventListener("input", filter);
for (const id of ["night", "phone"]) $(id).addEventListener("change", redraw);
$("study").onclick = () => {
  Object.assign(desk, { at: Math.max(0, [...$("cards").children].indexOf(current())), back: false });
  $("desk").showModal();
  showDesk();
};
$("flip").onclick = () => study(0);
$("next").onclick = () => study(1);
$("previous").onclick = () => study(-1);
$("close").onclick = () => $("desk").close();

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if ($("desk").open) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, " ": 0 };
    if (event.key in steps) {
      event.preventDefault();
      study(steps[event.key]);
    }
    return;
  }
  if (event.key === "/" && !typing) {
    event.preventDefault();
    $("search").focus();
  } else if (!typing && (event.key === "ArrowDown" || event.key === "ArrowRight" || event.key === "j")) {
    event.preventDefault();
    move(1);
  } else if (!typing && (event.key === "ArrowUp" || event.key === "ArrowLeft" || event.key === "k")) {
    event.preventDefault();
    move(-1);
  } else if (!typing && event.key === " " && current() && !event.target.matches("button")) {
    event.preventDefault();
    flip(current());
  }
});

$("night").checked = matchMedia("(prefers-color-scheme: dark)").matches;
redraw();
load();
if (!inside) {
  const events = new EventSource("events");
  events.onmessage = (event) => { if (Number(event.data) !== state.version && state.version >= 0) load(); };
}
