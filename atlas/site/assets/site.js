// Draws the figures, answers the controls, shows another district. All it shows comes with the page or in scripts beside it: nothing is fetched,
// so that the pages work from a folder too.
"use strict";
(() => {
  const atlas = (window.atlas ??= {});
  for (const name of ["views", "maps", "profiles"]) atlas[name] ??= {};
  const { lang, version } = document.body.dataset;
  const words = JSON.parse(document.getElementById("words").textContent);
  const asked = new URLSearchParams(location.search);
  const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false, showTips: false, doubleClick: false, showAxisDragHandles: false };
  const PAPER = 680; // pixels of the width that a sheet of A4 leaves for a figure
  const blocks = [...document.querySelectorAll("[data-block]")].map((element) => ({
    element, first: element.dataset.view, choice: element.dataset.choice, drawn: false,
    head: element.querySelector("[data-head]"), body: element.querySelector("[data-body]"), chart: element.querySelector(".chart"),
  }));
  const selects = new Map([...document.querySelectorAll("[data-control]")].map((one) => [one.dataset.control, one]));
  const profile = document.getElementById("profile");
  let district = selects.get("district")?.value;

  for (const block of blocks) Object.assign(atlas.views[block.first], { head: block.head.innerHTML, body: block.body.innerHTML });

  const choiceOf = (control) => selects.get(control)?.value;
  const hasChoice = (select, value) => [...select.options].some((option) => option.value === value);

  function nameOf(block) {
    const { block: identifier, follows, choice } = block.element.dataset;
    const wanted = follows ? choiceOf(follows) : choice;
    return wanted === choice ? block.first : `${identifier}-${wanted}`;
  }

  /** The view of a name, from the script beside the page where it is not there yet. */
  function view(name) {
    if (atlas.views[name]) return Promise.resolve(atlas.views[name]);
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `../figures/${name}.${lang}.js?v=${version}`;
      script.onload = () => (atlas.views[name] ? resolve(atlas.views[name]) : reject(new Error(name)));
      script.onerror = () => reject(new Error(name));
      document.head.append(script);
    });
  }

  /** Put the view that is asked for into a block; fails where it does not come, and the block stays as it was. */
  async function show(block) {
    const name = nameOf(block);
    block.wanted = name;
    const found = await view(name);
    if (block.wanted !== name) return; // another one was chosen meanwhile
    block.head.innerHTML = found.head;
    block.body.innerHTML = found.body;
    if (found.table) block.body.querySelector("[data-table]").outerHTML = atlas.tableHtml(found.table);
    window.atlas.list?.(block.element, words, chooseDistrict);
    markRow(block);
    await draw(block, found);
  }

  /** Show what follows a control, and say so; a part that did not come is said last, so that it is not overheard. */
  async function showAll(those) {
    const done = await Promise.allSettled(those.map(show));
    const failed = done.filter((one) => one.status === "rejected");
    for (const one of failed) console.warn(one.reason);
    if (failed.length) say(words.failed, true);
    else if (those.length) say(words.changed.replace("{title}", those[0].head.querySelector("h1, h2, h3").textContent));
  }

  async function draw(block, found) {
    const { chart } = block;
    chart.hidden = !found.figure;
    if (!found.figure) return;
    const { data } = found.figure;
    const layout = fitting(found.figure.layout, chart.clientWidth);
    for (const trace of data) {
      if (typeof trace.geojson === "string") trace.geojson = atlas.maps[trace.geojson];
      if (trace.meta === "chosen" && district) trace.locations = [district];
    }
    chart.setAttribute("aria-label", found.alt);
    chart.style.minHeight = `${layout.height ?? 0}px`;
    await Plotly.react(chart, data, layout, CONFIG);
    if (!block.drawn && block.element.classList.contains("map")) chart.on("plotly_click", touched);
    block.drawn = true;
    document.documentElement.dataset.drawn = blocks.filter((one) => one.drawn || one.chart.hidden).length;
  }

  /** A map on a narrow screen is no higher than it is wide; its legend keeps its height. */
  function fitting(layout, width) {
    const foot = layout.geo?.domain?.y?.[0];
    if (!foot || !width) return layout;
    const legend = foot * layout.height;
    const height = Math.min(layout.height, width + legend);
    return { ...layout, height, geo: { ...layout.geo, domain: { ...layout.geo.domain, y: [legend / height, 1] } } };
  }

  function touched(event) {
    const code = event.points.map((point) => point.location).find((one) => atlas.profiles.all?.of[one]);
    if (code) chooseDistrict(code);
  }

  function chooseDistrict(code) {
    if (!atlas.profiles.all?.of[code]) return;
    district = code;
    selects.get("district").value = code;
    profile.innerHTML = atlas.profileHtml(atlas.profiles.all, code);
    markMeasure();
    for (const block of blocks.filter((one) => one.element.classList.contains("map"))) {
      markRow(block);
      const outlines = (block.chart.data ?? []).flatMap((trace, place) => (trace.meta === "chosen" ? [place] : []));
      if (outlines.length) Plotly.restyle(block.chart, { locations: outlines.map(() => [code]) }, outlines);
    }
    remember();
    say(words.district.replace("{name}", profile.querySelector("h2").textContent));
  }

  /** The row of the measure that is on the map; what an index is made of stands open when it is the index. */
  function markMeasure() {
    const measure = choiceOf("indicator");
    for (const parts of profile?.querySelectorAll("[data-index]") ?? []) parts.open = measure === "index";
    for (const row of profile?.querySelectorAll("[data-indicator]") ?? []) row.classList.toggle("chosen", row.dataset.indicator === measure);
  }

  function markRow(block) {
    for (const row of block.body.querySelectorAll("[data-row]")) {
      if (row.dataset.row === district) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  /** The choices in the address, so that it can be kept and passed on; the other language shows the same. */
  function remember() {
    const address = new URLSearchParams(location.search);
    for (const [name, select] of selects) {
      if (select.value === select.dataset.first) address.delete(name);
      else address.set(name, select.value);
    }
    const text = address.size ? `?${address}` : "";
    try {
      history.replaceState(null, "", `${location.pathname}${text}${location.hash}`);
    } catch {
      // Some browsers allow no other address for a page from a folder: the choice is shown all the same.
    }
    for (const link of document.querySelectorAll("[data-carries], .whole a")) {
      const kept = new URLSearchParams(address);
      if (!link.matches("[data-carries]")) kept.delete("embed");
      link.search = kept.size ? `?${kept}` : "";
    }
  }

  function say(text, seen = false) {
    const place = document.getElementById("said");
    place.textContent = text;
    place.classList.toggle("seen", seen);
  }

  for (const [name, select] of selects) {
    select.dataset.first = select.value;
    const wanted = asked.get(name);
    if (wanted !== null && hasChoice(select, wanted)) select.value = wanted;
    select.addEventListener("change", () => {
      if (name === "district") {
        chooseDistrict(select.value);
        return;
      }
      markMeasure();
      remember();
      showAll(blocks.filter((block) => block.element.dataset.follows === name));
    });
  }
  markMeasure();

  /** The first figure at once, the others one after the other while nothing else is to be done. */
  async function begin() {
    for (const block of blocks) window.atlas.list?.(block.element, words, chooseDistrict);
    if (district && selects.get("district").value !== district) chooseDistrict(selects.get("district").value);
    else remember();
    for (const block of blocks) {
      markRow(block);
      if (nameOf(block) === block.first) await draw(block, atlas.views[block.first]);
      else await showAll([block]);
      if (!performance.getEntriesByName("first-figure").length) performance.mark("first-figure");
      await new Promise((rested) => (window.requestIdleCallback ?? setTimeout)(rested, { timeout: 200 }));
    }
  }

  // Paper is narrower than most windows, and a figure keeps its pixels.
  const drawnCharts = () => blocks.filter((block) => block.drawn && !block.chart.hidden);
  window.addEventListener("beforeprint", () => {
    for (const block of drawnCharts()) Plotly.relayout(block.chart, { width: PAPER });
  });
  window.addEventListener("afterprint", () => {
    for (const block of drawnCharts()) Plotly.relayout(block.chart, { width: null, autosize: true });
  });

  begin();
})();
