// Buttons below a figure: save the Plotly chart standing in the page as a picture, copy the link or a frame for another page.
// Every word comes with `data` (bytes, see pictures.py); nothing is fetched. Streamlit calls the default function again on
// every change of data or theme, so it only updates what is there.

const SVG = "http://www.w3.org/2000/svg";
const PADDING = 24;
const SCALE = 2;
const FRAME_HEIGHT = 900; // CSS pixels, of the frame that stands in another page
const PNG_HEAD = 33; // bytes: the signature and the chunk IHDR
const TITLE = { size: 20, line: 28, weight: 700, below: 4 };
const SUBTITLE = { size: 14, line: 20, weight: 400, below: 12 };
const FOOTER = { size: 13, line: 19, weight: 400, below: 0 };
const INTERACTIVE = ".hoverlayer, .draglayer, .zoomlayer, .legendtoggle, .scrollbar, .outline-controllers, .modebar";
const NOT_BEFORE = /^[、。，．,.:;!?！？：；・）)」』】〕〉》\]}％%々ー〜～…ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/;
const COUNTED = /^[年月日歳代人件位世万億割倍点回]/;
const NOT_AFTER = /[（(「『【〔〈《[{]$/;

const latest = new WeakMap();
const taken = new Set();
const decoder = new TextDecoder();
const encoder = new TextEncoder();

export default function ({ data: bytes, parentElement, setTriggerValue }) {
  const tools = parentElement.querySelector(".tools");
  const { data, file, said, content } = read(bytes);
  latest.set(tools, { ...data, want: (id) => setTriggerValue("wanted", id) });
  const group = tools.querySelector(".group");
  group.setAttribute("aria-label", data.labels.group);
  const wanted = data.actions.join(" ");
  if (group.dataset.actions !== wanted) {
    group.dataset.actions = wanted;
    group.replaceChildren(...data.actions.map((action) => button(tools, action)));
  }
  for (const each of group.children) each.textContent = data.labels[each.dataset.action];
  if (file && !taken.has(file.token)) {
    taken.add(file.token);
    download(new Blob([content], { type: file.media }), file.name);
    say(tools, (data.labels.saved ?? "").replace("{name}", file.name));
  }
  if (said) say(tools, said);
}

/** One line of JSON {body, file, said}, `body` bytes of JSON, then the content of the file if one was asked for. */
function read(bytes) {
  const end = bytes.indexOf(10);
  const head = JSON.parse(decoder.decode(bytes.subarray(0, end)));
  const rest = end + 1 + head.body;
  return { data: JSON.parse(decoder.decode(bytes.subarray(end + 1, rest))), file: head.file, said: head.said, content: bytes.subarray(rest) };
}

function button(tools, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.action = action;
  made.addEventListener("click", async () => {
    const { labels, made: byServer, want } = latest.get(tools);
    if (byServer.includes(action)) {
      say(tools, labels.making);
      want(action);
      return;
    }
    say(tools, "");
    try {
      const copy = { link: copyLink, embed: copyFrame }[action];
      say(tools, await (copy ? copy(labels) : savePicture(tools, action)));
    } catch (problem) {
      console.warn(problem);
      say(tools, labels.failed);
    }
  });
  return made;
}

function say(tools, words) {
  tools.querySelector(".message").textContent = words ?? "";
}

async function savePicture(tools, kind) {
  const data = latest.get(tools);
  const place = `st-key-${data.chart.trim().replaceAll(/[^a-zA-Z0-9_-]/g, "-")}`;
  const chart = document.querySelector(`.${CSS.escape(place)} .js-plotly-plot`);
  if (!chart?.querySelector(".main-svg")) return data.labels.missing;
  const picture = compose(chart, data, surroundings(tools, chart));
  const name = `${data.stem}.${kind}`;
  if (kind === "svg") download(new Blob([svgWithCitation(written(picture), data.carried)], { type: "image/svg+xml" }), name);
  else download(await pngWithCitation(await painted(picture), data.carried), name);
  return (data.labels.saved ?? "").replace("{name}", name);
}

/** Colours and font of the page as it stands; a chart with a paper of its own keeps that paper. */
function surroundings(tools, chart) {
  const probe = getComputedStyle(tools.querySelector(".probe"));
  const paper = getComputedStyle(chart.querySelector(".main-svg")).backgroundColor;
  const own = parts(paper)[3] === 1;
  const ground = own ? paper : probe.backgroundColor;
  let ink = probe.color;
  if (own && Math.abs(light(ground) - light(ink)) < 0.4) ink = light(ground) > 0.5 ? "rgb(28, 36, 48)" : "rgb(232, 236, 239)";
  return { ground: plain(ground), ink: plain(ink), second: plain(mixed(ink, ground, 0.75)), family: probe.fontFamily };
}

/** [red, green, blue, alpha] of a computed colour, 0-255 and 0-1. */
function parts(colour) {
  const numbers = (colour.match(/-?[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const scale = colour.startsWith("color(") ? 255 : 1;
  return [numbers[0] * scale, numbers[1] * scale, numbers[2] * scale, numbers[3] ?? 1];
}

function light(colour) {
  const [red, green, blue] = parts(colour);
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

function mixed(one, other, share) {
  const [a, b] = [parts(one), parts(other)];
  return `rgb(${[0, 1, 2].map((i) => Math.round(a[i] * share + b[i] * (1 - share))).join(", ")})`;
}

function plain(colour) {
  return `#${parts(colour).slice(0, 3).map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** One <svg>: ground, title, subtitle, the chart's layers, footer. */
function compose(chart, data, look) {
  const box = chart.querySelector(".main-svg").getBoundingClientRect();
  const size = (side) => Number(chart.querySelector(".main-svg").getAttribute(side)) || Math.round(box[side]);
  const [chartWidth, chartHeight] = [size("width"), size("height")];
  const width = chartWidth + 2 * PADDING;
  const picture = element("svg", { xmlns: SVG, role: "img", "font-family": look.family });
  picture.append(element("title", {}, clean(data.title)), element("desc", {}, clean([data.subtitle, ...data.footer].join("\n"))));
  const ground = element("rect", { x: 0, y: 0, width, fill: look.ground });
  picture.append(ground);

  let y = PADDING;
  const write = (words, style, colour) => {
    if (!words) return;
    const lines = wrapped(clean(words), chartWidth, `${style.weight} ${style.size}px ${look.family}`);
    const text = element("text", { "font-size": style.size, "font-weight": style.weight, fill: colour });
    lines.forEach((line, i) => {
      text.append(element("tspan", { x: PADDING, y: y + style.size + i * style.line }, line));
    });
    picture.append(text);
    y += lines.length * style.line + style.below;
  };
  write(data.title, TITLE, look.ink);
  write(data.subtitle, SUBTITLE, look.second);
  const body = element("g", { transform: `translate(${PADDING} ${y})` });
  const layers = [...chart.querySelectorAll(".main-svg, canvas")].filter((each) => !each.parentElement.closest(".main-svg"));
  body.append(...layers.map((each) => (each.tagName === "CANVAS" ? canvasCopy(each, chartWidth, chartHeight) : layerCopy(each))));
  picture.append(body);
  y += chartHeight + 12;
  for (const line of data.footer) write(line, FOOTER, look.second);
  const height = Math.ceil(y + PADDING - 8);
  ground.setAttribute("height", height);
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) picture.setAttribute(name, value);
  return picture;
}

/** A drawing layer of the chart as a group, without what only serves the pointer. */
function layerCopy(layer) {
  const copy = layer.cloneNode(true);
  copy.querySelectorAll(INTERACTIVE).forEach((each) => each.remove());
  for (const each of copy.querySelectorAll("*")) {
    for (const name of ["data-unformatted", "data-math", "pointer-events", "vector-effect"]) each.removeAttribute(name);
    // Strokes that do not grow with the picture would be half as wide in a PNG of twice the size.
    for (const name of ["pointer-events", "cursor", "vector-effect"]) each.style.removeProperty(name);
    for (const { name, value } of [...each.attributes]) {
      // Plotly writes the whole address before the id where the page has a <base>; alone it must be the id.
      let now = value.replaceAll(/url\((["']?)[^)"']*#([^)"']+)\1\)/g, "url(#$2)");
      if (name === "style") now = now.replaceAll(/(fill|stroke): transparent/g, "$1: none");
      if (now !== value) each.setAttribute(name, now);
    }
    if (each.children.length === 0 && /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(each.textContent)) {
      each.textContent = clean(each.textContent);
    }
  }
  const group = element("g", { class: "layer" });
  group.append(...copy.childNodes);
  return group;
}

/** Points drawn by WebGL (scattergl). A map or 3D canvas keeps no picture to read: told as a failure. */
function canvasCopy(canvas, width, height) {
  if (!canvas.closest(".gl-container")) throw new Error("a canvas that cannot be copied");
  const image = element("image", { width, height });
  image.setAttribute("href", canvas.toDataURL());
  return image;
}

function element(name, attributes, words) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (key !== "xmlns") made.setAttribute(key, value);
  if (words !== undefined) made.textContent = words;
  return made;
}

/** Without the characters XML does not allow. */
function clean(words) {
  return String(words).replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
}

/** Lines no wider than `width`, of about the same length: broken between phrases; in a long phrase between characters. */
function wrapped(words, width, font) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  const lines = broken(words, width, pen);
  if (lines.length < 2) return lines;
  // The narrowest width that needs no further line.
  let [narrow, wide] = [width / 2, width];
  while (wide - narrow > 4) {
    const middle = (narrow + wide) / 2;
    if (broken(words, middle, pen).length > lines.length) narrow = middle;
    else wide = middle;
  }
  return broken(words, wide, pen);
}

/** What is too long for a line, as a share of it, is split into smaller parts. */
const FINER = [{ above: 0.4, split: (phrase) => pieces(phrase) }, { above: 1, split: (piece) => [...piece] }];

function broken(words, width, pen) {
  const fits = (line) => pen.measureText(line).width <= width;
  const lines = [];
  for (const paragraph of words.split("\n")) {
    let line = "";
    const place = (part, [finer, ...others]) => {
      if (fits((line + part).trimEnd())) {
        line += part;
      } else if (finer && pen.measureText(part).width > width * finer.above) {
        finer.split(part).forEach((each) => place(each, others));
      } else {
        if (line.trim()) lines.push(line.trimEnd());
        line = part.trimStart();
      }
    };
    for (const phrase of phrases(paragraph)) place(phrase, FINER);
    lines.push(line.trimEnd());
  }
  return lines.filter((line, i) => line || i < lines.length - 1);
}

/** Phrases as Japanese is read: one ends where hiragana or a bracket gives way to something else, at a mark, at a space. */
function phrases(words) {
  const found = [];
  for (const piece of pieces(words)) {
    const before = found.at(-1);
    const ends = before === undefined || /[\s、。，．；：！？]$/.test(before) || /^[（(「『【〔〈《[{]/.test(piece);
    if (ends || (/[ぁ-ん）)」』】〕〉》]$/.test(before) && !/^[ぁ-んー]/.test(piece))) found.push(piece);
    else found[found.length - 1] += piece;
  }
  return found;
}

/** Pieces a line may break between: a character with the marks that belong to it, a word, a number with its unit. */
function pieces(words) {
  const found = [];
  for (const piece of words.match(/\s+|[\u0021-\u024f]+|[\s\S]/gu) ?? []) {
    const before = found.at(-1);
    const held = NOT_BEFORE.test(piece) || /^\s/.test(piece) || NOT_AFTER.test(before) || (COUNTED.test(piece) && /\d$/.test(before));
    if (before !== undefined && held) found[found.length - 1] += piece;
    else found.push(piece);
  }
  return found;
}

function written(picture) {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}\n`;
}

async function painted(picture) {
  const [width, height] = ["width", "height"].map((side) => Number(picture.getAttribute(side)) * SCALE);
  const large = picture.cloneNode(true);
  large.setAttribute("width", width);
  large.setAttribute("height", height);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(written(large))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("no picture was made");
  return blob;
}

/** What a picture needs to be cited and made again: one line of JSON, without signs that mean something in XML. `drawn`: the picture's bytes. */
function citation(carried, drawn) {
  const added = { exported_at: now(), permalink: location.href, drawn: crc32(drawn).toString(16).padStart(8, "0") };
  const text = JSON.stringify({ ...carried, figures: carried.figures.map((figure) => ({ ...figure, ...added })) });
  return text.replaceAll(/[<>&\u007f\u2028\u2029\ufffe\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The time here with its distance from UTC. */
function now() {
  const date = new Date();
  const east = -date.getTimezoneOffset();
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const local = new Date(date.getTime() + east * 60000).toISOString().slice(0, 19);
  return `${local}${east < 0 ? "-" : "+"}${two(east / 60)}:${two(east % 60)}`;
}

function svgWithCitation(text, carried) {
  if (!carried) return text;
  const end = text.lastIndexOf("</svg>");
  const words = citation(carried, encoder.encode(text));
  return `${text.slice(0, end)}<metadata id="${carried.kind}">${words}</metadata>${text.slice(end)}`;
}

/** The picture with an iTXt chunk (keyword, not compressed, no language, no translated keyword, text in UTF-8) after its head. */
async function pngWithCitation(blob, carried) {
  if (!carried) return blob;
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const data = encoder.encode(`iTXt${carried.kind}\0\0\0\0\0${citation(carried, bytes)}`);
  const chunk = new Uint8Array(data.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length - 4);
  chunk.set(data, 4);
  view.setUint32(data.length + 4, crc32(data));
  return new Blob([bytes.subarray(0, PNG_HEAD), chunk, bytes.subarray(PNG_HEAD)], { type: "image/png" });
}

const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** The checksum of PNG and zip. */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_OF_BYTE[(crc ^ byte) & 255];
  return (crc ^ 0xffffffff) >>> 0;
}

function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** The address of this view, as a page of its own or (`embedded`) to stand in a frame: Streamlit then leaves out its header and the menu. */
function viewAddress(embedded) {
  const address = new URL(location.href);
  for (const name of ["embed", "embed_options"]) address.searchParams.delete(name);
  if (embedded) address.searchParams.set("embed", "true");
  return address.href;
}

async function copyLink(labels) {
  const address = viewAddress(false);
  return (await copied(address)) ? labels.copied : labels.copy_failed.replace("{url}", address);
}

async function copyFrame(labels) {
  const inAttribute = (words) => words.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const frame = `<iframe src="${inAttribute(viewAddress(true))}" title="${inAttribute(document.title)}" width="100%" height="${FRAME_HEIGHT}" loading="lazy" style="border:0"></iframe>`;
  return (await copied(frame)) ? labels.embed_copied : labels.embed_failed.replace("{code}", frame);
}

/** The clipboard exists only on https and localhost; elsewhere the old way. */
async function copied(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyBySelection(words);
  }
}

function copyBySelection(words) {
  const before = focused();
  const field = Object.assign(document.createElement("textarea"), { value: words, readOnly: true });
  field.style.cssText = "position: fixed; inset: 0 auto auto 0; opacity: 0;";
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    before?.focus({ preventScroll: true });
  }
}

function focused() {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
