// Charts of a page: every <figure data-chart="trend|growth|bars" data-source="id of its JSON">.
// The contract of the JSON is in README.md. Each figure has a table beside it, so nothing is lost without scripts.
import { engine } from "./engine.js";
import { barsOption } from "./bars.js";
import { growthOption } from "./growth.js";
import { drawLegend } from "./legend.js";
import { loadFaces, readTheme } from "./theme.js";
import { trendOption } from "./trend.js";

const kinds = { trend: trendOption, growth: growthOption, bars: barsOption };
const drawn = new Map();

function readData(figure) {
  const script = document.getElementById(figure.dataset.source);
  const data = JSON.parse(script.textContent);
  const rtl = getComputedStyle(figure).direction === "rtl";
  return { timeRtl: rtl, ...data, rtl, locale: document.documentElement.lang || "en" };
}

function makePlot(figure) {
  const plot = document.createElement("div");
  plot.className = "chart-plot";
  // The engine knows no right-to-left: its own element reads left to right, and we mirror what must be mirrored.
  plot.dir = "ltr";
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", figure.dataset.label || "");
  figure.append(plot);
  return plot;
}

async function draw(figure) {
  const build = kinds[figure.dataset.chart];
  if (!build || drawn.has(figure)) return;
  const data = readData(figure);
  drawLegend(figure, figure.dataset.chart, data);
  const plot = makePlot(figure);
  const entry = { figure, plot, chart: null, data };
  drawn.set(figure, entry);
  await loadFaces(figure);
  if (!figure.isConnected) return;
  entry.chart = engine.init(plot, null, { renderer: "canvas" });
  entry.chart.setOption(build(data, readTheme(figure)));
  entry.chart.on("click", (event) => {
    const address = event.data?.url ?? data.series?.[event.seriesIndex]?.urls?.[event.dataIndex];
    if (address) location.assign(address);
  });
  sizes.observe(plot);
}

function redraw({ figure, chart, data }) {
  chart?.setOption(kinds[figure.dataset.chart](data, readTheme(figure)), { notMerge: true });
}

function redrawAll() {
  for (const entry of drawn.values()) redraw(entry);
}

/** Lets go of charts whose figures were taken from the page, and draws new ones. */
function refresh() {
  for (const [figure, { chart, plot }] of drawn) {
    if (figure.isConnected) continue;
    sizes.unobserve(plot);
    chart?.dispose();
    drawn.delete(figure);
  }
  for (const figure of document.querySelectorAll("figure[data-chart]")) {
    draw(figure).catch((error) => console.error(error));
  }
}

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    engine.getInstanceByDom(target)?.resize();
    const entry = drawn.get(target.closest("figure"));
    if (entry?.figure.dataset.chart === "bars") redraw(entry);
  }
});

refresh();
document.addEventListener("htmx:after:swap", refresh);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
new MutationObserver(redrawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
