import assert from "node:assert/strict";
import { test } from "node:test";
import { barsOption, nameWidth } from "../charts/bars.js";
import { growthOption } from "../charts/growth.js";
import { axisWriter } from "../charts/text.js";
import { facesFor } from "../charts/theme.js";
import { splitByCompleteness, trendOption } from "../charts/trend.js";

const bare = (text) => text.replace(/[\u2068\u2069\u061c]/g, "");
const theme = { series: ["#111111", "#222222"], up: "#0a0", back: "#0b0", down: "#a00", ink: "#000", muted: "#777", surface: "#fff", grid: "#eee", line: "#ddd", mark: "#960", face: "sans-serif", moves: false, width: 400 };

test("axis steps are written in the page's digits and language", () => {
  assert.equal(bare(axisWriter({ style: "percent", digits: "arabext" }, "fa")(0.85)), "۸۵٪");
  assert.equal(bare(axisWriter({ style: "percent", digits: "arab" }, "ar")(0.5)), "٥٠٪");
  assert.equal(bare(axisWriter({ style: "percent" }, "en")(0.125)), "12.5%");
  assert.equal(bare(axisWriter({}, "en")(1200)), "1,200");
  assert.equal(bare(axisWriter({}, "zh-hans")(120_000_000)), "1.2亿");
});

test("an incomplete period hangs on its neighbour by a dashed line, and unknown values stay unknown", () => {
  const { solid, dashed } = splitByCompleteness([0.9, null, 0.8, 0.7], [true, true, true, false]);
  assert.deepEqual(solid, [0.9, null, 0.8, null]);
  assert.deepEqual(dashed, [null, null, 0.8, 0.7]);
  assert.equal(splitByCompleteness([1, 2], [true, true]).dashed, null);
  assert.equal(splitByCompleteness([1, 2], undefined).dashed, null);
});

test("periods too near the first fact are dashed at the start as well", () => {
  assert.deepEqual(splitByCompleteness([1, 2, 3], [false, true, true]), { solid: [null, 2, 3], dashed: [1, 2, null], open: [true, false, false] });
});

test("a trend's band spans low to high, also below zero", () => {
  const option = trendOption({ labels: ["a", "b"], locale: "en", series: [{ name: "net", values: [-0.1, 0.2], low: [-0.2, null], high: [0, 0.3] }] }, theme);
  const [floor, spread] = option.series;
  assert.deepEqual(floor.data, [-0.2, null]);
  assert.deepEqual(spread.data, [0.2, null]);
  assert.equal(floor.stackStrategy, "all");
});

test("time runs from the right where it is asked to", () => {
  const data = { labels: ["a", "b"], locale: "fa", series: [{ name: "n", values: [1, 2] }] };
  assert.equal(trendOption({ ...data, timeRtl: true }, theme).xAxis.inverse, true);
  assert.equal(trendOption({ ...data, timeRtl: true }, theme).yAxis.position, "right");
  assert.equal(trendOption({ ...data, timeRtl: false }, theme).yAxis.position, "left");
});

test("growth draws the lost below the line and the net over it", () => {
  const series = [["new", [5, null]], ["lost", [3, 0]], ["net", [2, 0]]].map(([role, values]) => ({ name: role, role, values }));
  const option = growthOption({ labels: ["a", "b"], locale: "en", complete: [true, false], series }, theme);
  assert.equal(option.series[0].data[0].value, 5);
  assert.equal(option.series[0].data[1], null);
  assert.equal(option.series[1].data[0].value, -3);
  assert.equal(option.series[1].data[1].itemStyle.opacity, 0.45);
  assert.equal(option.series[2].type, "line");
});

test("a target lies across the chart and a mark goes down it, once at each place", () => {
  const data = { labels: ["a", "b"], locale: "en", benchmark: { value: 0.9, text: "Target" }, marks: [{ index: 1, text: "x" }, { index: 1, text: "y" }], series: [{ name: "n", values: [1, 2] }] };
  const lines = trendOption(data, theme).series[0].markLine.data;
  assert.deepEqual(lines.map(({ xAxis, yAxis }) => [xAxis, yAxis]), [[undefined, 0.9], [1, undefined]]);
  assert.equal(trendOption({ ...data, benchmark: undefined, marks: [] }, theme).series[0].markLine, undefined);
});

test("every bar keeps a name that fits", () => {
  const option = barsOption({ labels: ["a", "b", "c"], locale: "en", series: [{ name: "n", values: [1, 2, 3] }] }, theme);
  assert.equal(option.xAxis.axisLabel.interval, 0);
  assert.equal(option.xAxis.axisLabel.width, nameWidth(400, 3));
  assert.ok(3 * nameWidth(400, 3) < 400);
});

test("a face is fetched only for letters that need it", () => {
  const families = ['"Inter Variable"', '"Vazirmatn Variable"', '"Noto Sans SC Variable"', "system-ui"];
  assert.deepEqual(facesFor("Jan 2026", families), ['"Inter Variable"']);
  assert.deepEqual(facesFor("فروردین", families), ['"Vazirmatn Variable"']);
  assert.deepEqual(facesFor("1月", families), ['"Inter Variable"', '"Noto Sans SC Variable"']);
});
