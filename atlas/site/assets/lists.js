// Lists: tables that are sorted by their headings, searched, and whose rows can choose a district; and the filter of the catalogue.
"use strict";
(() => {
  const NUMBER = /[+\-\u2212\u00b1]?[\d,]*\.?\d+/;
  const MARKS = { none: "\u2195", ascending: "\u25b2", descending: "\u25bc" };
  const collator = new Intl.Collator("ja", { numeric: true });
  const states = new WeakMap();
  let numbered = 0;

  /** For searching: width, case and kana made equal. */
  const folded = (text) =>
    text.normalize("NFKC").toLowerCase().replaceAll(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));

  const valueOf = (cell) => {
    const found = cell.textContent.match(NUMBER);
    return found ? Number(found[0].replaceAll(",", "").replace("\u2212", "-").replace("\u00b1", "")) : NaN;
  };

  /** Make the list of a block work; called again when another view brought another table. */
  window.atlas ??= {};
  window.atlas.list = (block, words, choose) => {
    const table = block.querySelector("table[data-list]");
    if (!table || table.dataset.list === "ready") return;
    table.dataset.list = "ready";
    const state = states.get(block) ?? { text: "", sorted: null };
    states.set(block, state);
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const hay = new Map(rows.map((row) => [row, folded(row.textContent)]));
    const bar = document.createElement("p");
    bar.className = "control search";
    const label = document.createElement("label");
    const input = document.createElement("input");
    const count = document.createElement("span");
    input.type = "search";
    input.autocomplete = "off";
    input.id = `search-${(numbered += 1)}`;
    input.value = state.text;
    label.htmlFor = input.id;
    label.textContent = words.search;
    count.className = "count";
    count.setAttribute("role", "status");
    bar.append(label, input, count);
    table.parentElement.before(bar);

    const filter = () => {
      const wanted = folded(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        row.hidden = !wanted.every((word) => hay.get(row).includes(word));
        shown += !row.hidden;
      }
      state.text = input.value;
      count.textContent = shown ? words.count.replace("{total}", rows.length).replace("{shown}", shown) : words.empty;
    };

    const heads = [...table.tHead.rows[0].cells];
    const sort = (at, direction) => {
      const number = heads[at].classList.contains("number");
      const sign = direction === "ascending" ? 1 : -1;
      const keys = new Map(rows.map((row) => [row, number ? valueOf(row.cells[at]) : row.cells[at].textContent]));
      const missing = (key) => (number ? Number.isNaN(key) : key === "");
      const order = [...rows].sort((a, b) => {
        const [one, two] = [keys.get(a), keys.get(b)];
        return missing(one) - missing(two) || (missing(one) ? 0 : sign * (number ? one - two : collator.compare(one, two))) || rows.indexOf(a) - rows.indexOf(b);
      });
      body.append(...order);
      heads.forEach((head, place) => {
        head.setAttribute("aria-sort", place === at ? direction : "none");
        head.querySelector(".mark").textContent = MARKS[place === at ? direction : "none"];
      });
      state.sorted = { title: heads[at].dataset.title, direction };
    };

    heads.forEach((head, at) => {
      const button = document.createElement("button");
      const mark = document.createElement("span");
      head.dataset.title = head.textContent;
      button.type = "button";
      mark.className = "mark";
      mark.setAttribute("aria-hidden", "true");
      mark.textContent = MARKS.none;
      button.append(...head.childNodes, mark);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const other = { ascending: "descending", descending: "ascending" };
        const direction = other[head.getAttribute("aria-sort")] ?? (head.classList.contains("number") ? "descending" : "ascending");
        sort(at, direction);
        count.textContent = words[`sorted_${direction}`].replace("{column}", head.dataset.title);
      });
    });

    for (const row of rows.filter((one) => one.dataset.row)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "pick";
      button.append(...row.cells[0].childNodes);
      row.cells[0].append(button);
      row.addEventListener("click", () => document.getSelection().isCollapsed && choose(row.dataset.row));
    }

    input.addEventListener("input", filter);
    filter();
    const again = heads.findIndex((head) => head.dataset.title === state.sorted?.title);
    if (again >= 0) sort(again, state.sorted.direction);
  };

  const field = document.getElementById("filter");
  if (field) {
    const found = document.getElementById("found");
    const pieces = [...document.querySelectorAll("details.atlas-entry, .atlas-panel tbody tr")].map((piece) => [piece, folded(piece.textContent)]);
    const around = [...document.querySelectorAll(".atlas-panel, .atlas-topic")];
    field.addEventListener("input", () => {
      const wanted = folded(field.value).split(/\s+/).filter(Boolean);
      for (const [piece, text] of pieces) piece.hidden = !wanted.every((word) => text.includes(word));
      const inside = "details.atlas-entry:not([hidden]), tbody tr:not([hidden])";
      for (const one of around) one.hidden = !one.querySelector(inside);
      found.textContent = pieces.some(([piece]) => !piece.hidden) ? "" : field.dataset.none.replace("{text}", field.value);
    });
  }
})();
