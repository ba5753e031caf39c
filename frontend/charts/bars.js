// Bars: a number for each of a few groups, side by side; with lines for their intervals where they have them.
import { frame, overlay } from "./frame.js";

const AXIS_WIDTH = 56;
const GAP = 8;

/** Pixels that the name of one of `count` groups may take in a chart of this width. */
export function nameWidth(width, count) {
  return Math.max(24, Math.floor((width - AXIS_WIDTH) / Math.max(1, count)) - GAP);
}

/** The engine's options of a bar chart. */
export function barsOption(data, theme) {
  const option = frame({ pointer: "shadow", ...data }, theme);
  // Every group keeps its name: what does not fit is cut, since a bar without a name says nothing.
  Object.assign(option.xAxis.axisLabel, { interval: 0, hideOverlap: false, overflow: "truncate", width: nameWidth(theme.width, data.labels.length) });
  option.series = data.series.map((series, order) => ({
    type: "bar", name: series.name, barMaxWidth: 40, color: theme.series[order % theme.series.length],
    itemStyle: { borderRadius: [3, 3, 0, 0] },
    cursor: series.urls ? "pointer" : "default",
    data: series.values.map((value, index) => value === null ? null : {
      value,
      url: series.urls?.[index],
      itemStyle: data.complete?.[index] === false ? { opacity: 0.45 } : {},
    }),
    markLine: order === 0 ? overlay(data, theme) : undefined,
  }));
  return option;
}
