// The legend, as plain HTML: it reads in the page's direction and wraps on a phone.
import { roles } from "./growth.js";

function item(keyClasses, text) {
  const line = document.createElement("li");
  const key = document.createElement("span");
  key.className = `chart-key ${keyClasses}`;
  line.append(key, document.createTextNode(text));
  return line;
}

/** Writes the legend into the figure; none for a single line that the page's heading already names. */
export function drawLegend(figure, kind, data) {
  const items = data.series.map((series, order) => {
    const key = kind === "growth" ? roles[series.role] : (order % 6) + 1;
    return item(`key-${key}${kind === "trend" || series.role === "net" ? " chart-key-line" : ""}`, series.name);
  });
  const first = data.series[0];
  if (kind === "trend" && first?.low && data.interval_text) items.push(item("key-1 chart-key-band", data.interval_text));
  if (kind === "trend" && data.complete?.includes(false) && data.incomplete_text) items.push(item("key-1 chart-key-dashed", data.incomplete_text));
  if (kind !== "growth" && data.benchmark?.value != null) items.push(item("key-mark chart-key-dashed", data.benchmark.text));
  if (items.length < 2) return;
  const list = document.createElement("ul");
  list.className = "chart-legend";
  list.append(...items);
  figure.append(list);
}
