// Study mode: one card at a time, in the order of the page or shuffled. The place is kept in this browser.

const desk = { cards: [], at: 0, back: false, seed: 0, shown: null };

// Study the cards that the page shows now, from the card with this id, or else from the first.
function deal(id) {
  const cards = state.shown.filter((card) => !card.unmade);
  const drawn = () => cards.map((card) => [scramble(card.id), card]).sort(([one], [other]) => one - other);
  desk.cards = desk.seed ? drawn().map(([, card]) => card) : cards;
  desk.at = Math.max(0, desk.cards.findIndex((card) => card.id === id));
  desk.shown = state.shown;
}

// A number that looks random, and stays the same for the same card until the cards are shuffled again.
function scramble(id) {
  let number = desk.seed;
  for (const letter of id) number = Math.imul(number ^ letter.codePointAt(0), 0x01000193);
  return (number ^ (number >>> 15)) >>> 0;
}

const bookmark = () => `aetia-study:${state.deck}`;

function keepPlace() {
  try {
    localStorage.setItem(bookmark(), JSON.stringify({ id: desk.cards[desk.at]?.id, seed: desk.seed }));
  } catch {} // a browser that keeps nothing: the next session starts at the first card
}

function keptPlace() {
  try {
    return JSON.parse(localStorage.getItem(bookmark())) ?? {};
  } catch {
    return {};
  }
}

async function showDesk() {
  if (desk.shown !== state.shown) deal(desk.cards[desk.at]?.id);
  const { cards } = desk;
  const card = cards[desk.at];
  $("where").textContent = card ? `${desk.at + 1} of ${cards.length} · ${card.kind}` : "No cards";
  $("progress").value = card ? (desk.at + 1) / cards.length : 0;
  $("previous").disabled = desk.at <= 0;
  const last = desk.at >= cards.length - 1;
  $("next").disabled = last;
  const turn = desk.back ? (last ? "Close" : "Next") : "Show answer";
  $("flip").replaceChildren(`${turn} `, make("kbd", {}, "space"));
  $("verdict").replaceChildren(...(card && desk.back ? BELOW.map((part) => part(card)) : []));
  $("verdict").hidden = !$("verdict").firstChild;
  if (!card) return $("stage").replaceChildren();
  keepPlace();
  await fetchFaces([card.id]);
  const sides = state.faces.get(card.id);
  if (!sides || card !== desk.cards[desk.at]) return;
  const host = face(card, desk.back ? sides.back : sides.front, { sheets: [] });
  $("stage").replaceChildren(host);
  $("stage").scrollTop = 0;
  // As in Anki, scroll to an answer that is below the window.
  const answer = host.shadowRoot.getElementById("answer");
  const { bottom, height } = $("stage").getBoundingClientRect();
  if (answer) $("stage").scrollTop = answer.getBoundingClientRect().top + height / 2 - bottom;
}

function study(step) {
  if (step === 0 && !desk.back) desk.back = true;
  else if (step === 0 && desk.at >= desk.cards.length - 1) return $("desk").close();
  else if (step < 0 && desk.back) desk.back = false;
  else Object.assign(desk, { at: Math.min(desk.cards.length - 1, Math.max(0, desk.at + (step || 1))), back: false });
  showDesk();
}

function studyKey(event) {
  const steps = { ArrowRight: 1, ArrowLeft: -1, " ": 0, Home: -desk.cards.length };
  const page = $("stage").clientHeight * 0.9;
  const scrolls = { ArrowDown: 60, ArrowUp: -60, PageDown: page, PageUp: -page };
  if (event.key === " " && event.target.matches("button:not(#flip), input")) return;
  if (event.key in MARK_KEYS) MARK_KEYS[event.key](desk.cards[desk.at]);
  else if (event.key in scrolls) $("stage").scrollBy(0, scrolls[event.key]);
  else if (event.key in steps) study(steps[event.key]);
  else return;
  event.preventDefault();
}

$("study").onclick = () => {
  const { id, seed } = keptPlace();
  desk.seed = Number(seed) || 0;
  desk.back = false;
  $("shuffle").checked = desk.seed > 0;
  deal(state.current || id);
  $("desk").showModal();
  $("flip").focus();
  showDesk();
};
$("shuffle").addEventListener("change", () => {
  desk.seed = $("shuffle").checked ? 1 + Math.floor(Math.random() * 0x7fffffff) : 0;
  desk.back = false;
  deal(desk.seed ? "" : desk.cards[desk.at]?.id);
  showDesk();
});
$("flip").onclick = () => study(0);
$("stage").onclick = () => { if (!getSelection().toString()) study(0); };
$("next").onclick = () => study(1);
$("previous").onclick = () => Object.assign(desk, { back: false }) && study(-1);
$("close").onclick = () => $("desk").close();
