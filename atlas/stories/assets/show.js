// Draws every figure before the show starts, then hands over to reveal.js: keys, full screen, overview, a URL per slide.
(() => {
  "use strict";
  const root = document.documentElement;
  const { figures, shapes, notes, words, lang } = JSON.parse(document.getElementById("content").textContent);
  const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false, showTips: false, showAxisDragHandles: false };
  const WIDTH = 1280, LOWEST = 720, HIGHEST = 960;
  const sections = [...document.querySelectorAll(".slides > section")];
  const holders = [...document.querySelectorAll(".figure")];
  const byId = (id) => document.getElementById(id);

  // The stage is as high as the window's shape wants, within limits: nothing is cut, little is left empty.
  const stageHeight = () => Math.round(Math.min(Math.max((WIDTH * window.innerHeight) / window.innerWidth, LOWEST), HIGHEST));

  const prepared = (content) => {
    for (const trace of content.data) {
      if (typeof trace.geojson === "string") trace.geojson = shapes[trace.geojson];
    }
    return content;
  };

  // A map takes all the height between the title and the small lines; switch and sentence stand at its right.
  const placeMaps = () => {
    for (const view of document.querySelectorAll(".view.map")) {
      const top = view.querySelector(".head").offsetTop + view.querySelector(".head").offsetHeight + 12;
      const foot = view.querySelector(view.matches(".crowded") ? ".sentence" : ".small").offsetTop - 8;
      Object.assign(view.querySelector(".figure").style, { top: `${top}px`, height: `${foot - top}px` });
    }
  };

  const size = (holder) => ({ width: holder.clientWidth, height: holder.clientHeight });
  const draw = (holder) => {
    const { data, layout } = prepared(figures[Number(holder.dataset.figure)]);
    return Plotly.newPlot(holder, data, { ...layout, ...size(holder), autosize: false }, CONFIG);
  };

  const views = (section) => [...section.querySelectorAll(":scope > .view")];
  const showView = (section) => {
    const current = section.querySelectorAll(".step.visible").length;
    views(section).forEach((view, place) => view.classList.toggle("shown", place === current));
  };
  const chooseView = (place, refocus) => {
    const section = Reveal.getCurrentSlide();
    if (place >= views(section).length) return;
    Reveal.navigateFragment(place - 1);
    showView(section);
    if (refocus) section.querySelector(`.view.shown [data-view="${place}"]`).focus();
  };

  const titleOf = (section) => (section?.querySelector(".view.shown :is(h1, h2)") ?? section?.querySelector("h1, h2"))?.textContent ?? "";
  const current = () => sections.indexOf(Reveal.getCurrentSlide());
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const told = () => {
    const place = current();
    byId("position").textContent = filled(words.position, { number: place + 1, of: sections.length });
    byId("previous").disabled = Reveal.isFirstSlide() && !Reveal.availableFragments().prev;
    byId("next").disabled = Reveal.isLastSlide() && !Reveal.availableFragments().next;
    speaker.tell();
  };

  // The speaker's window: what is on the stage, the notes, what follows, the time. Written from here, so that it works without a server.
  const speaker = {
    window: null,
    start: Date.now(),
    open() {
      if (this.window && !this.window.closed) return this.window.focus();
      this.window = window.open("", "atlas-speaker", "width=900,height=700");
      if (!this.window) return window.alert(words.blocked);
      this.start = Date.now();
      const page = this.window.document;
      page.documentElement.lang = lang;
      page.title = words.speaker_title;
      page.head.innerHTML = `<style>
        body { font: 20px/1.6 ${getComputedStyle(document.body).fontFamily}; color: #1C2430; background: #FFFFFF; margin: 24px; }
        header { display: flex; justify-content: space-between; color: #55616E; font-variant-numeric: tabular-nums; }
        h1 { font-size: 26px; margin: 12px 0; } #notes { font-size: 24px; white-space: pre-line; min-height: 6em; }
        #following { border-top: 1px solid #D9DEE3; padding-top: 12px; color: #55616E; }
        button { font: inherit; padding: 4px 20px; } </style>`;
      page.body.innerHTML = '<header><span id="where"></span><span id="time" role="timer"></span></header><h1></h1><p id="notes"></p><p id="following"></p>'
        + '<p><button id="back"></button> <button id="on"></button> <button id="restart"></button></p>';
      for (const [id, word, act] of [
        ["back", words.previous, () => Reveal.prev()], ["on", words.next, () => Reveal.next()],
        ["restart", words.restart, () => { this.start = Date.now(); this.tick(); }],
      ]) {
        page.getElementById(id).textContent = word;
        page.getElementById(id).onclick = act;
      }
      page.onkeydown = (event) => {
        const act = { ArrowRight: "next", ArrowDown: "next", PageDown: "next", " ": "next", ArrowLeft: "prev", ArrowUp: "prev", PageUp: "prev" }[event.key];
        if (act && event.target.tagName !== "BUTTON") { event.preventDefault(); Reveal[act](); }
      };
      this.tell();
      this.window.setInterval(() => this.tick(), 1000);
    },
    tick() {
      const seconds = Math.floor((Date.now() - this.start) / 1000);
      const clock = [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");
      this.window.document.getElementById("time").textContent = filled(words.elapsed, { time: clock });
    },
    tell() {
      if (!this.window || this.window.closed) return;
      const page = this.window.document, place = current();
      const set = (selector, text) => { page.querySelector(selector).textContent = text; };
      set("#where", filled(words.position, { number: place + 1, of: sections.length }));
      set("h1", titleOf(sections[place]));
      set("#notes", notes[place] || words.no_notes);
      set("#following", place + 1 < sections.length ? filled(words.following, { title: titleOf(sections[place + 1]) }) : words.last);
      this.tick();
    },
  };

  const fullScreen = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.());

  const fit = () => {
    root.style.setProperty("--scale", Reveal.getScale());
  };

  let height = stageHeight();
  let waiting = 0;
  const resized = () => {
    fit();
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      if (stageHeight() === height) return;
      height = stageHeight();
      Reveal.configure({ height });
      fit();
      placeMaps();
      for (const holder of holders) Plotly.relayout(holder, size(holder));
    }, 120);
  };

  const start = async () => {
    await Reveal.initialize({
      width: WIDTH, height, margin: 0, minScale: 0.1, maxScale: 8, center: false, controls: false, progress: true, slideNumber: false,
      hash: true, hashOneBasedIndex: true, fragmentInURL: true, transition: "none", backgroundTransition: "none", display: "block",
      viewDistance: 1000, mobileViewDistance: 1000, help: false, pdfSeparateFragments: false, touch: true, keyboard: { 83: () => speaker.open() },
    });
    fit();
    placeMaps();
    for (const holder of holders) await draw(holder);
    for (const section of sections) showView(section);

    for (const name of ["slidechanged", "fragmentshown", "fragmenthidden"]) {
      Reveal.on(name, () => {
        showView(Reveal.getCurrentSlide());
        told();
      });
    }
    Reveal.on("resize", resized);
    byId("previous").onclick = () => Reveal.prev();
    byId("next").onclick = () => Reveal.next();
    byId("full_screen").onclick = fullScreen;
    byId("speaker").onclick = () => speaker.open();
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("[data-view]");
      if (button) chooseView(Number(button.dataset.view), event.detail === 0);
      if (event.detail > 0) document.activeElement?.blur(); // so that a presenter's space bar goes on, instead of pressing again
    });
    // A focused button takes space and Enter for itself; digits choose the view of a slide that has several.
    document.addEventListener("keydown", (event) => {
      if (event.target.closest?.("button") && (event.key === " " || event.key === "Enter")) event.stopImmediatePropagation();
      else if (/^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) chooseView(Number(event.key) - 1, false);
    }, true);
    told();
    root.dataset.state = "ready";
    performance.mark("ready");
  };

  start().catch((problem) => {
    document.querySelector(".making").textContent = String(problem);
    throw problem;
  });
})();
