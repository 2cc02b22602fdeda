// Runs once on every page: the page's language, and Streamlit's own words in it. Streamlit has no setting for these: they are read out, or seen where
// a list is searched, a file refused, a field typed into. `written` (texts) and `named` (attributes) come from scripts.py:
// [what stands there, what shall stand there] with {places}.

const ATTRIBUTES = ["aria-label", "title", "placeholder"];
const LONGEST = 200;
const OWN = ".stHtml, .js-plotly-plot, script, style, textarea"; // the project's own words and what the reader writes
let known = { written: table([]), named: table([]) };
let watching = false;

export default function ({ lang, written, named }) {
  document.documentElement.lang = lang;
  known = { written: table(written), named: table(named) };
  said(document.body);
  if (watching) return;
  watching = true;
  new MutationObserver((changes) => {
    for (const { type, target, attributeName, addedNodes } of changes) {
      if (type === "childList") addedNodes.forEach(said);
      else if (type === "characterData") text(target);
      else attribute(target, attributeName);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
}

function table(words) {
  return {
    exact: new Map(words.filter(([from]) => !from.includes("{"))),
    patterns: words.filter(([from]) => from.includes("{")).map(([from, to]) => [pattern(from), to]),
  };
}

/** "Remove {name}" as an expression that finds the name. */
function pattern(words) {
  const parts = words.split(/\{(\w+)\}/).map((part, at) => (at % 2 ? `(?<${part}>.+)` : part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  return new RegExp(`^${parts.join("")}$`, "u");
}

function said(node) {
  if (node.nodeType === Node.TEXT_NODE) return text(node);
  if (!(node instanceof HTMLElement) || node.closest(OWN)) return;
  const foreign = (each) => (each.matches?.(OWN) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const walk = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, foreign);
  for (let each = node; each; each = walk.nextNode()) {
    if (each.nodeType === Node.TEXT_NODE) text(each);
    else for (const name of ATTRIBUTES) attribute(each, name);
  }
}

function text(node) {
  const found = replaced(node.data, known.written);
  if (found !== undefined && !node.parentElement?.closest(OWN)) node.data = found;
}

function attribute(element, name) {
  const value = element.getAttribute(name);
  const found = value === null ? undefined : replaced(value, known.named);
  if (found !== undefined && !element.closest(OWN)) element.setAttribute(name, found);
}

function replaced(words, { exact, patterns }) {
  if (words.length > LONGEST) return undefined;
  const key = words.trim();
  if (exact.has(key)) return exact.get(key);
  for (const [from, to] of patterns) {
    const found = from.exec(key);
    if (found) return to.replaceAll(/\{(\w+)\}/g, (_, name) => found.groups[name] ?? "");
  }
  return undefined;
}
