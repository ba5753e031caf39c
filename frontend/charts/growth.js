// Growth: who came (new, reactivated) above the line, who was lost below it, and the net as a line. The kept are not stacked.
import { frame, overlay } from "./frame.js";

/** The roles a growth series can have, with the theme's colour of each. */
export const roles = { new: "up", reactivated: "back", lost: "down", net: "ink" };

function bar(series, role, data, theme) {
  const sign = role === "lost" ? -1 : 1;
  return {
    type: "bar", name: series.name, stack: "people", barMaxWidth: 26, color: theme[roles[role]],
    cursor: series.urls ? "pointer" : "default",
    data: series.values.map((value, index) => value === null ? null : {
      value: sign * value,
      url: series.urls?.[index],
      itemStyle: data.complete?.[index] === false ? { opacity: 0.45, borderColor: theme[roles[role]], borderType: "dashed" } : {},
    }),
  };
}

function net(series, theme) {
  return {
    type: "line", name: series.name, data: series.values, symbol: "circle", symbolSize: 6, color: theme.ink, z: 4,
    lineStyle: { width: 2, color: theme.ink }, itemStyle: { color: theme.surface, borderColor: theme.ink, borderWidth: 2 },
  };
}

/** The engine's options of a growth chart; `series[].role` is new, reactivated, lost or net. */
export function growthOption(data, theme) {
  const option = frame({ pointer: "shadow", ...withKeys(data) }, theme);
  // The labels of time stay at the foot of the chart, although the zero line is in its middle.
  option.xAxis.axisLine = { show: false, onZero: false };
  option.series = data.series.map((series) => (series.role === "net" ? net(series, theme) : bar(series, series.role, data, theme)));
  const first = option.series.find((series) => series.type === "bar");
  if (first) first.markLine = overlay(data, theme, [zeroLine(theme)]);
  return option;
}

/** The data with a legend key for each role. */
export function withKeys(data) {
  return { ...data, series: data.series.map((series) => ({ ...series, key: roles[series.role] })) };
}

function zeroLine(theme) {
  return { yAxis: 0, lineStyle: { color: theme.muted, type: "solid", width: 1 } };
}
