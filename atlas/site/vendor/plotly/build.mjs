// Makes plotly.min.js (see VERSION): the core of plotly.js, which draws lines and points, with bars and maps of areas and points.
// Descriptions of attributes are taken out as in plotly.js' own minified files; only its documentation reads them.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { build, transform } from "esbuild";

const { version } = createRequire(import.meta.url)("plotly.js/package.json");
const ENTRY = `
  const Plotly = require("plotly.js/lib/core");
  Plotly.register([require("plotly.js/lib/bar"), require("plotly.js/lib/scattergeo"), require("plotly.js/lib/choropleth")]);
  module.exports = Plotly;`;
const ON_ONE_LINE = /\s*description: '.*',?/g;
const JOINED = /\s*description: \[[\s\S]*?\]\.join\(.*,?/g;

const withoutDescriptions = {
  name: "without-descriptions",
  setup(own) {
    own.onLoad({ filter: /plotly\.js[\\/]src[\\/].*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replaceAll(ON_ONE_LINE, "").replaceAll(JOINED, "");
      // A few are written in a way that these patterns do not take as a whole: there they stay.
      const whole = await transform(contents).catch(() => null);
      return { contents: whole ? contents : text, loader: "js" };
    });
  },
};

await build({
  stdin: { contents: ENTRY, resolveDir: import.meta.dirname },
  bundle: true, minify: true, format: "iife", globalName: "Plotly", target: "es2020", legalComments: "eof", outfile: "plotly.min.js",
  define: { global: "window", "define.amd": "false", "process.env.NODE_DEBUG": "false" },
  loader: { ".css": "empty" },
  plugins: [withoutDescriptions],
  banner: {
    js: `/*! plotly.js v${version} (scatter, bar, scattergeo, choropleth), Copyright 2012-2026 Plotly, Inc., MIT License, https://plotly.com/javascript/ */`,
  },
});
