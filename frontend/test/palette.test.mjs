import assert from "node:assert/strict";
import { test } from "node:test";
import { heat, palette, themeSheet } from "../palette.mjs";

function luminance(hex) {
  const channels = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r, g, b] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of two colours as WCAG 2 defines it, 1 to 21. */
function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

test("the contrast formula gives WCAG's own ends", () => {
  assert.equal(contrast("#ffffff", "#000000"), 21);
  assert.ok(Math.abs(contrast("#767676", "#ffffff") - 4.54) < 0.01);
});

const texts = [
  ["--color-base-content", "--color-base-100"], ["--color-base-content", "--color-base-200"], ["--color-base-content", "--hover"],
  ["--muted", "--color-base-100"], ["--muted", "--color-base-200"], ["--muted", "--hover"],
  ["--primary-ink", "--color-base-100"], ["--primary-ink", "--color-base-200"], ["--primary-ink", "--primary-soft"],
  ["--error-ink", "--color-base-100"], ["--lead-ink", "--lead"],
  ...["info", "success", "warning", "error"].map((tone) => [`--${tone}-ink`, `--${tone}-soft`]),
  ...["primary", "secondary", "accent", "neutral", "info", "success", "warning", "error"].map((name) => [`--color-${name}-content`, `--color-${name}`]),
];

for (const theme of ["light", "dark"]) {
  test(`${theme}: every text is readable on its ground`, () => {
    for (const [ink, ground] of texts) {
      const ratio = contrast(palette[theme][ink], palette[theme][ground]);
      assert.ok(ratio >= 4.5, `${ink} on ${ground}: ${ratio.toFixed(2)}`);
    }
  });

  test(`${theme}: marks and outlines stand out from their ground`, () => {
    for (const mark of ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6", "--chart-up", "--chart-down", "--chart-mark", "--line-strong", "--color-primary"]) {
      const ratio = contrast(palette[theme][mark], palette[theme]["--color-base-100"]);
      assert.ok(ratio >= 3, `${mark}: ${ratio.toFixed(2)}`);
    }
  });

  test(`${theme}: the heat map is readable and grows in one direction`, () => {
    assert.equal(heat[theme].length, 11);
    for (const [ground, ink] of heat[theme]) assert.ok(contrast(ground, ink) >= 4.5, `${ink} on ${ground}`);
    const grounds = heat[theme].map(([ground]) => luminance(ground));
    const sorted = [...grounds].sort((a, b) => (theme === "light" ? b - a : a - b));
    assert.deepEqual(grounds, sorted);
  });
}

test("both themes name the same colours, and the sheet holds them", () => {
  assert.deepEqual(Object.keys(palette.light), Object.keys(palette.dark));
  assert.match(themeSheet(), /\[data-theme="dark"\]/);
  assert.match(themeSheet(), /\.heat-10 /);
});
