// The tooltip: our own element with our own classes, since the engine's is left to right and styled inline.

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function row(series, index, key) {
  const line = element("div", "chart-tip-row");
  line.append(element("span", `chart-key key-${key}`), element("span", "", series.name), element("b", "num", series.texts?.[index] ?? "–"));
  return line;
}

/** What one place of the axis says: its name, each series' value as the server wrote it, its interval, and whether it is over. */
export function describe(data, index) {
  const box = element("div", "chart-tip");
  box.dir = data.rtl ? "rtl" : "ltr";
  box.append(element("div", "chart-tip-title", data.titles?.[index] ?? data.labels[index]));
  data.series.forEach((series, order) => {
    if (series.values[index] === null && !series.texts?.[index]) return;
    box.append(row(series, index, series.key ?? (order % 6) + 1));
    if (series.interval_texts?.[index]) box.append(element("div", "chart-tip-note", series.interval_texts[index]));
  });
  const note = data.notes?.[index] ?? (data.complete?.[index] === false ? data.incomplete_text : undefined);
  if (note) box.append(element("div", "chart-tip-note", note));
  for (const mark of data.marks ?? []) {
    if (mark.index === index) box.append(element("div", "chart-tip-note", mark.text));
  }
  return box;
}

/** The engine's tooltip options. */
export function tooltip(data, theme) {
  return {
    trigger: "axis",
    confine: true,
    transitionDuration: theme.moves ? 0.1 : 0,
    padding: 0,
    borderWidth: 1,
    borderColor: theme.line,
    backgroundColor: theme.surface,
    axisPointer: { type: data.pointer ?? "line", lineStyle: { color: theme.muted, type: "dotted" }, shadowStyle: { color: theme.grid, opacity: 0.5 } },
    formatter: (points) => describe(data, (Array.isArray(points) ? points[0] : points).dataIndex),
  };
}
