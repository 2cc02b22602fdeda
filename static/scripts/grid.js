// A table for many rows. `data` is bytes: one line of JSON {version, height, selected}, then the table
// as JSON (see grid.py). Streamlit calls the default function again on every run and theme change: the
// table is only read again when its version is another. All text goes in as textContent.

const CHUNK = 200;
const NEAR = 600;
const MARKS = { none: "↕", ascending: "▲", descending: "▼" };
const grids = new WeakMap();
const decoder = new TextDecoder();
const collator = new Intl.Collator("ja", { numeric: true });
const counted = new Intl.NumberFormat("en-US");

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".grid");
  let grid = grids.get(root);
  if (!grid) grids.set(root, (grid = new Grid(root)));
  grid.choose = (key) => setTriggerValue("chosen", key);
  grid.receive(data);
}

class Grid {
  constructor(root) {
    const part = (selector) => root.querySelector(selector);
    Object.assign(this, {
      root, input: part("input"), count: part(".count"), scroll: part(".scroll"), table: part("table"), caption: part("caption"),
      heads: part("thead tr"), body: part("tbody"), empty: part(".empty"), more: part(".more"), said: part(".said"),
      version: null, selected: null, sorted: null, shown: 0, view: [], order: [],
    });
    // Streamlit's one-letter shortcuts must not hear what is typed here.
    for (const kind of ["keydown", "keypress", "keyup"]) this.input.addEventListener(kind, (event) => event.stopPropagation());
    this.input.addEventListener("input", (event) => event.isComposing || this.filter());
    this.input.addEventListener("compositionend", () => this.filter());
    this.more.addEventListener("click", () => this.append());
    this.scroll.addEventListener("scroll", () => this.appendNearEnd(), { passive: true });
    this.heads.addEventListener("click", (event) => {
      const head = event.target.closest("th");
      if (head) this.sortBy(head.cellIndex);
    });
    this.body.addEventListener("click", (event) => {
      const row = event.target.closest("tr");
      if (row && this.keys && document.getSelection().isCollapsed) this.pick(Number(row.dataset.row));
    });
    this.body.addEventListener("keydown", (event) => this.walk(event));
    this.body.addEventListener("focusin", (event) => this.reach(event.target));
  }

  receive(bytes) {
    const end = bytes.indexOf(10);
    const head = JSON.parse(decoder.decode(bytes.subarray(0, end)));
    this.scroll.style.setProperty("--height", head.height);
    const fresh = head.version !== this.version;
    if (fresh) {
      this.version = head.version;
      this.load(JSON.parse(decoder.decode(bytes.subarray(end + 1))));
    }
    if (fresh || head.selected !== this.selected) this.mark(head.selected, true);
  }

  load({ caption, labels, keys, words, columns, size }) {
    Object.assign(this, { labels, keys, columns, size });
    const kept = columns.findIndex((column) => column.id === this.sorted?.id);
    this.root.classList.toggle("choosable", keys !== null);
    this.caption.textContent = caption;
    this.scroll.setAttribute("aria-label", caption);
    this.root.querySelector(".word").textContent = labels.search;
    this.empty.textContent = labels.empty;
    this.heads.replaceChildren(...columns.map(heading));
    this.pattern = pattern(columns, keys !== null);
    const texts = columns.filter((column) => !column.number).map((column) => column.text);
    this.hay = Array.from({ length: size }, (_, row) => folded([...texts.map((text) => text[row]), words?.[row] ?? ""].join(" ")));
    this.sorted = kept < 0 ? null : { ...this.sorted, at: kept };
    this.arrange();
    this.filter();
  }

  sortBy(at) {
    const { id, first, title } = this.columns[at];
    const other = { ascending: "descending", descending: "ascending" };
    this.sorted = { id, at, direction: this.sorted?.id === id ? other[this.sorted.direction] : first };
    this.arrange();
    this.filter();
    this.said.textContent = (this.labels[`sorted_${this.sorted.direction}`] ?? "").replace("{column}", title);
  }

  /** The order of all rows: what has no value comes last, equal values stay in the given order. */
  arrange() {
    const order = Array.from({ length: this.size }, (_, row) => row);
    if (this.sorted) {
      const { text, rank } = this.columns[this.sorted.at];
      const sign = this.sorted.direction === "ascending" ? 1 : -1;
      const void_ = rank ? (row) => rank[row] < 0 : (row) => text[row] === "";
      const compare = rank ? (a, b) => rank[a] - rank[b] : (a, b) => collator.compare(text[a], text[b]);
      order.sort((a, b) => void_(a) - void_(b) || sign * compare(a, b) || a - b);
    }
    this.order = order;
    [...this.heads.children].forEach((head, at) => {
      const state = this.sorted?.at === at ? this.sorted.direction : "none";
      head.setAttribute("aria-sort", state);
      head.querySelector(".mark").textContent = MARKS[state];
    });
  }

  filter() {
    const wanted = folded(this.input.value).split(/\s+/).filter(Boolean);
    this.view = wanted.length ? this.order.filter((row) => wanted.every((word) => this.hay[row].includes(word))) : this.order;
    this.shown = 0;
    this.body.replaceChildren();
    this.scroll.scrollTop = 0;
    this.table.setAttribute("aria-rowcount", this.view.length + 1);
    this.count.textContent = this.labels.count.replace("{total}", counted.format(this.size)).replace("{shown}", counted.format(this.view.length));
    this.empty.hidden = this.view.length > 0;
    this.append();
    this.reach(this.body.querySelector("[aria-current] .pick") ?? this.body.querySelector(".pick"));
  }

  append(until = this.shown + CHUNK) {
    const rows = this.view.slice(this.shown, until).map((row, i) => this.row(row, this.shown + i));
    this.body.append(...rows);
    this.shown += rows.length;
    const left = this.view.length - this.shown;
    if (left === 0 && this.focusedPart() === this.more) this.scroll.focus({ preventScroll: true });
    this.more.hidden = left === 0;
    this.more.textContent = this.labels.more.replace("{count}", counted.format(Math.min(left, CHUNK)));
  }

  appendNearEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroll;
    if (this.shown < this.view.length && scrollTop + clientHeight > scrollHeight - NEAR) this.append();
  }

  row(row, place) {
    const made = this.pattern.cloneNode(true);
    made.dataset.row = row;
    made.setAttribute("aria-rowindex", place + 2);
    [...made.children].forEach((cell, at) => {
      (cell.firstElementChild ?? cell).textContent = this.columns[at].text[row];
    });
    if (this.keys && this.keys[row] === this.selected) made.setAttribute("aria-current", "true");
    return made;
  }

  pick(row) {
    this.mark(this.keys[row], false);
    this.choose(this.keys[row]);
  }

  /** Mark the chosen row; bring it into view where the choice was made elsewhere. */
  mark(key, elsewhere) {
    this.selected = key;
    this.body.querySelector("[aria-current]")?.removeAttribute("aria-current");
    if (key === null || !this.keys) return;
    const place = this.view.findIndex((row) => this.keys[row] === key);
    if (place < 0) return;
    if (place >= this.shown) {
      if (!elsewhere) return;
      this.append(place + 20);
    }
    const row = this.body.children[place];
    row.setAttribute("aria-current", "true");
    this.reach(row.querySelector(".pick"));
    const above = row.offsetTop - this.heads.offsetHeight;
    const { scrollTop, clientHeight } = this.scroll;
    if (elsewhere && (above < scrollTop || row.offsetTop + row.offsetHeight > scrollTop + clientHeight)) this.scroll.scrollTop = above - clientHeight / 3;
  }

  /** Of the many row buttons only one is in the tab order; the arrow keys walk from there. */
  reach(button) {
    if (!button?.classList.contains("pick")) return;
    if (this.reached) this.reached.tabIndex = -1;
    this.reached = button;
    button.tabIndex = 0;
  }

  walk(event) {
    const row = event.target.closest("tr");
    if (!this.keys || !row || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = [...this.body.children].indexOf(row);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: this.view.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const place = Math.max(0, Math.min(to, this.view.length - 1));
    if (place >= this.shown) this.append(place + 20);
    this.body.children[place]?.querySelector(".pick").focus();
  }

  focusedPart() {
    return this.root.getRootNode().activeElement;
  }
}

function heading(column) {
  const head = document.createElement("th");
  head.scope = "col";
  head.classList.add(column.align);
  // Wide enough for the widest cell (see grid.py), so that columns do not jump when other rows come.
  head.style.minWidth = `calc(${Math.min(column.width, 28)}ch + 1.25rem)`;
  const button = document.createElement("button");
  button.type = "button";
  const mark = document.createElement("span");
  mark.className = "mark";
  mark.setAttribute("aria-hidden", "true");
  button.append(column.title, mark);
  head.append(button);
  return head;
}

/** One row to be copied: a heading cell, with a button where rows can be chosen, then the others. */
function pattern(columns, choosable) {
  const row = document.createElement("tr");
  columns.forEach((column, at) => {
    const cell = document.createElement(at === 0 ? "th" : "td");
    cell.classList.add(column.align, column.number ? "number" : "text");
    if (at === 0) cell.scope = "row";
    if (at === 0 && choosable) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "pick";
      button.tabIndex = -1;
      cell.append(button);
    }
    row.append(cell);
  });
  return row;
}

/** For searching: width, case and kana made equal. */
function folded(words) {
  return words.normalize("NFKC").toLowerCase().replaceAll(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}
