// Plotly's maps ask another host for coastlines unless they are here. None are drawn, so both resolutions are empty.
(() => {
  const empty = () => ({
    type: "Topology",
    arcs: [],
    objects: Object.fromEntries(
      ["coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits"].map((name) => [name, { type: "GeometryCollection", geometries: [] }]),
    ),
  });
  window.PlotlyGeoAssets = { topojson: { world_110m: empty(), world_50m: empty() } };
})();
