// The frame shared by all charts: grid, axes, tooltip; mirrored as a whole where time runs from right to left.
import { axisWriter, isolate } from "./text.js";
import { tooltip } from "./tooltip.js";

/** Options common to all kinds. `data.timeRtl` says that time runs from right to left. */
export function frame(data, theme) {
  const write = axisWriter(data.format, data.locale);
  const text = { fontFamily: theme.face, fontSize: 12, color: theme.muted };
  return {
    animation: theme.moves,
    animationDuration: 350,
    textStyle: { fontFamily: theme.face, color: theme.ink },
    grid: { left: 8, right: 8, top: 16, bottom: 4, containLabel: true },
    tooltip: tooltip(data, theme),
    xAxis: {
      type: "category",
      data: data.labels.map(isolate),
      inverse: data.timeRtl,
      axisLine: { lineStyle: { color: theme.line } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, margin: 12 },
    },
    yAxis: {
      type: "value",
      position: data.timeRtl ? "right" : "left",
      scale: data.format?.fromZero === false,
      min: data.format?.min ?? undefined,
      max: data.format?.max ?? undefined,
      splitNumber: 4,
      // Shares are marked in quarters: the engine's own choice is thirds of 90%, with a last line crammed in at 100%.
      interval: data.format?.min === 0 && data.format?.max === 1 ? 0.25 : undefined,
      splitLine: { lineStyle: { color: theme.grid } },
      axisLabel: { ...text, formatter: write, margin: 10 },
    },
  };
}

/** The lines over the drawing: the benchmark or target across it (data.benchmark), and a dotted one down it for each mark
 *  (data.marks: [{index, text}]), whose text the tooltip and the list below the chart tell. Undefined where there are none. */
export function overlay(data, theme, more = []) {
  const lines = [...more];
  if (data.benchmark && data.benchmark.value !== null) {
    lines.push({ yAxis: data.benchmark.value, lineStyle: { color: theme.mark, type: [4, 4], width: 1.5 } });
  }
  const places = [...new Set((data.marks ?? []).map((mark) => mark.index))];
  lines.push(...places.map((index) => ({ xAxis: index, lineStyle: { color: theme.muted, type: [1, 4], width: 1.5 } })));
  if (!lines.length) return undefined;
  // The legend and the tooltip name them: a label on a line would lie on the data as often as not.
  return { silent: true, symbol: "none", animation: false, label: { show: false }, data: lines };
}
