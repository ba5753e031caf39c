// A trend: lines over periods, with their intervals as bands; periods that are not over are dashed and hollow.
import { frame, overlay } from "./frame.js";

/** Splits values at incomplete places: the solid part, and the dashed part with the neighbours it hangs on. */
export function splitByCompleteness(values, complete) {
  const open = values.map((_, index) => complete?.[index] === false);
  const touches = (index) => open[index] || open[index - 1] || open[index + 1];
  return {
    solid: values.map((value, index) => (open[index] ? null : value)),
    dashed: open.includes(true) ? values.map((value, index) => (touches(index) ? value : null)) : null,
    open,
  };
}

function band(series, colour, order) {
  if (!series.low || !series.high) return [];
  const common = { type: "line", stack: `band-${order}`, stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 }, z: 1, tooltip: { show: false }, emphasis: { disabled: true } };
  const spread = series.high.map((high, index) => (high === null || series.low[index] === null ? null : high - series.low[index]));
  return [
    { ...common, data: series.low },
    { ...common, data: spread, areaStyle: { color: colour, opacity: 0.13 } },
  ];
}

function lines(series, colour, data, theme, extra) {
  const { solid, dashed, open } = splitByCompleteness(series.values, data.complete);
  const point = (value, index) => (value === null ? null : { value, url: series.urls?.[index] });
  const common = { type: "line", name: series.name, color: colour, z: 3, emphasis: { scale: 1.3 }, cursor: series.urls ? "pointer" : "default" };
  const many = series.values.length > 40;
  const main = {
    ...common, ...extra, data: solid.map(point),
    symbol: "circle", symbolSize: 6, showSymbol: !many, lineStyle: { width: 2.25, color: colour },
  };
  if (!dashed) return [main];
  const hollow = dashed.map((value, index) => {
    const made = point(value, index);
    return made && { ...made, symbol: open[index] ? "circle" : "none" };
  });
  return [main, { ...common, data: hollow, symbolSize: 8, itemStyle: { color: theme.surface, borderColor: colour, borderWidth: 2 }, lineStyle: { width: 2, color: colour, type: [5, 4] } }];
}

/** The engine's options of a trend. */
export function trendOption(data, theme) {
  const option = frame(data, theme);
  option.xAxis.boundaryGap = data.labels.length < 2;
  option.grid.left = option.grid.right = 14;
  option.series = data.series.flatMap((series, order) => {
    const colour = theme.series[order % theme.series.length];
    const markLine = order === 0 ? overlay(data, theme) : undefined;
    return [...band(series, colour, order), ...lines(series, colour, data, theme, markLine ? { markLine } : {})];
  });
  return option;
}
