// Tables and profiles that came as words: the same HTML as exhibit_html.py and need_map_page.py make. Every word goes in escaped.
"use strict";
(() => {
  const atlas = (window.atlas ??= {});
  const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
  const escaped = (text) => String(text).replaceAll(/[&<>"']/g, (sign) => SIGNS[sign]);
  const NUMBER = ' class="number"';
  const region = (label, table) => `<div class="atlas-scroll" tabindex="0" role="region" aria-label="${escaped(label)}">${table}</div>`;
  const whole = (attributes, caption, heads, lines) =>
    `<table class="atlas"${attributes}><caption>${escaped(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>${lines.join("")}</tbody></table>`;

  atlas.tableHtml = ({ caption, label, heads, rows, codes, listed }) => {
    const head = heads.map(([title, number]) => `<th scope="col"${number ? NUMBER : ""}>${escaped(title)}</th>`).join("");
    const lines = rows.map(([first, ...others], place) => {
      const cells = others.map((text, at) => `<td${heads[at + 1][1] ? NUMBER : ""}>${escaped(text)}</td>`).join("");
      return `<tr${codes.length ? ` data-row="${escaped(codes[place])}"` : ""}><th scope="row">${escaped(first)}</th>${cells}</tr>`;
    });
    return region(label, whole(listed ? " data-list" : "", caption, head, lines));
  };

  atlas.profileHtml = (shared, code) => {
    const own = shared.of[code];
    const table = (part, lines) => {
      const heads = shared.heads[part].map((title, at) => `<th scope="col"${at ? NUMBER : ""}>${escaped(title)}</th>`).join("");
      return whole("", shared.captions[part], heads, lines);
    };
    const facts = own.facts.map(([value, difference, rank], at) => {
      const small = difference ? `<br><small>${escaped(difference)}</small>` : "";
      return `<tr data-indicator="${shared.ids[at]}"><th scope="row">${escaped(shared.labels[at])}</th><td${NUMBER}>${escaped(value)}${small}</td><td${NUMBER}>${escaped(rank)}</td></tr>`;
    });
    const parts = own.parts.map(([label, weight, correlation, contribution, share]) => {
      const cells = [weight, correlation, contribution].map((text) => `<td${NUMBER}>${escaped(text)}</td>`).join("");
      return `<tr><th scope="row" class="part" style="--part:${share}%">${escaped(label)}</th>${cells}</tr>`;
    });
    const index = `<p class="atlas-sentence">${escaped(own.parts_note)}</p>${parts.length ? table("parts", parts) : ""}`;
    const notes = own.notes.map((line) => `<p class="atlas-source">${escaped(line)}</p>`).join("");
    return (
      `<h2>${escaped(own.name)}</h2>` +
      (facts.length ? region(own.label, table("facts", facts)) : "") +
      (own.parts_note ? `<details class="atlas-table" data-index><summary>${escaped(shared.index)}</summary>${index}</details>` : "") +
      notes
    );
  };
})();
