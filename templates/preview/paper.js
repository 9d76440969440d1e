// The page on paper: the cards that the filters show, in columns, none across a page break.

const ON_PAPER = [(card) => make("span", {}, state.where.get(card.id) ?? "")]; // more that the head of a card shows
const TIGHT = new CSSStyleSheet();
TIGHT.replaceSync(".card { min-height: 0; padding: 0.9rem 1rem 1rem; font-size: 20px; } .key, summary { display: none; }");

const TOGETHER = 40; // cards that share columns: the more there is in a column, the longer browsers take for it

function layOut() {
  const wanted = state.shown.filter((card) => !card.unmade);
  const cards = wanted.filter((card) => state.faces.has(card.id));
  const missing = wanted.length - cards.length;
  const told = `${plural(missing, "card")} more: print the page that aetia preview --export writes, which has them all.`;
  const screen = document.documentElement.style.colorScheme;
  document.documentElement.style.colorScheme = "light";
  const title = make("h1", { dir: "auto" }, $("deck").textContent);
  const once = "Details and sources are printed with the first card of an entry.";
  const notes = [once, ...(missing ? [told] : [])].map((note) => make("p", {}, note));
  $("paper").replaceChildren(title, ...notes, ...columnsOf(sheets(cards)));
  $("paper").hidden = false;
  window.addEventListener("afterprint", () => {
    $("paper").hidden = true;
    $("paper").replaceChildren();
    document.documentElement.style.colorScheme = screen;
  }, { once: true });
}

function columnsOf(all) {
  const starts = all.keys().filter((index) => index % TOGETHER === 0);
  return [...starts].map((start) => make("section", {}, ...all.slice(start, start + TOGETHER)));
}

// The back of each card usually repeats its front; where it does not, the front is printed beside it. What the cards of a
// note fold away is printed with the first of them. Marks of citations are only where the works are.
function sheets(cards) {
  const told = new Set();
  return cards.map((card) => {
    const { front, back } = state.faces.get(card.id);
    const [asked, answered] = [front, back].map((html) => face(card, html, { sheets: [TIGHT], night: false }));
    for (const details of answered.shadowRoot.querySelectorAll("details")) {
      details.open = !told.has(card.note);
      details.hidden = !details.open;
      if (details.hidden) for (const mark of answered.shadowRoot.querySelectorAll(".cite")) mark.hidden = true;
    }
    told.add(card.note);
    const key = make("span", { className: "key" }, card.note.key === "/" ? "" : card.note.key);
    const bar = make("div", { className: "bar" }, make("b", {}, card.kind), key, ...ON_PAPER.map((part) => part(card)));
    const sides = saidOf(answered).includes(saidOf(asked)) ? [answered] : [asked, answered];
    return make("article", { className: "sheet" }, bar, ...sides);
  });
}

// The text of a face, without the gaps of what it hides.
const saidOf = ({ shadowRoot }) => shadowRoot.textContent.replace(/\[[^\]]*\]/g, "").replace(/\s+/g, " ").trim();

window.addEventListener("beforeprint", layOut);
