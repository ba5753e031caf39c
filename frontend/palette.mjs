// The colours of both themes, in one place: the build writes them into CSS and the tests check their contrast.

/** Hex colours by token; `--color-*` names are daisyUI's, the others are ours. */
export const palette = {
  light: {
    "--color-base-100": "#ffffff", "--color-base-200": "#f6f7f6", "--color-base-300": "#e4e8e6", "--color-base-content": "#16201e",
    "--color-primary": "#0f6b63", "--color-primary-content": "#ffffff",
    "--color-secondary": "#3f5550", "--color-secondary-content": "#ffffff",
    "--color-accent": "#9a4b12", "--color-accent-content": "#ffffff",
    "--color-neutral": "#22302d", "--color-neutral-content": "#f4f7f6",
    "--color-info": "#1d5fa8", "--color-info-content": "#ffffff",
    "--color-success": "#1a7344", "--color-success-content": "#ffffff",
    "--color-warning": "#8a5300", "--color-warning-content": "#ffffff",
    "--color-error": "#b3261e", "--color-error-content": "#ffffff",
    "--muted": "#55625f", "--line": "#e2e6e4", "--line-strong": "#84918d", "--hover": "#eef1f0",
    "--primary-soft": "#e3f1ef", "--primary-ink": "#0b564f", "--lead": "#0f6b63", "--lead-ink": "#ffffff",
    "--info-soft": "#e8f0fa", "--info-ink": "#174a85",
    "--success-soft": "#e5f4ea", "--success-ink": "#125a34",
    "--warning-soft": "#fbf1dd", "--warning-ink": "#6e4200",
    "--error-soft": "#fcebe9", "--error-ink": "#8f1d16",
    "--chart-1": "#0f6b63", "--chart-2": "#c2691c", "--chart-3": "#4a63b8", "--chart-4": "#a03a6b", "--chart-5": "#5f7a1f",
    "--chart-6": "#2f8fb5", "--chart-up": "#2f8f83", "--chart-back": "#86bdb4", "--chart-down": "#cf6a5c",
    "--chart-grid": "#e8ebea", "--chart-mark": "#7a5a2a",
  },
  dark: {
    "--color-base-100": "#171e1c", "--color-base-200": "#101514", "--color-base-300": "#2a3432", "--color-base-content": "#e6ecea",
    "--color-primary": "#5cc6b6", "--color-primary-content": "#05211d",
    "--color-secondary": "#a9bab5", "--color-secondary-content": "#12201d",
    "--color-accent": "#e9a568", "--color-accent-content": "#2b1503",
    "--color-neutral": "#cfd9d6", "--color-neutral-content": "#151c1a",
    "--color-info": "#86b8f0", "--color-info-content": "#08213d",
    "--color-success": "#6ec793", "--color-success-content": "#06240f",
    "--color-warning": "#e2b35c", "--color-warning-content": "#2a1b00",
    "--color-error": "#f0918a", "--color-error-content": "#370906",
    "--muted": "#9caaa6", "--line": "#27312e", "--line-strong": "#73807c", "--hover": "#1f2826",
    "--primary-soft": "#15322d", "--primary-ink": "#8adccf", "--lead": "#12443e", "--lead-ink": "#f0faf8",
    "--info-soft": "#152a41", "--info-ink": "#a9cdf6",
    "--success-soft": "#143020", "--success-ink": "#98dcb3",
    "--warning-soft": "#33270f", "--warning-ink": "#edc98a",
    "--error-soft": "#3c1b18", "--error-ink": "#f6b1ab",
    "--chart-1": "#5cc6b6", "--chart-2": "#e9a568", "--chart-3": "#94a8f0", "--chart-4": "#e08cb4", "--chart-5": "#b3cc6b",
    "--chart-6": "#7cc4e4", "--chart-up": "#4fb3a5", "--chart-back": "#2f6e66", "--chart-down": "#d9796d",
    "--chart-grid": "#242d2b", "--chart-mark": "#d8b27a",
  },
};

/**
 * The heat map's steps: background and text of each, 0 (least) to 10 (most).
 * The ramps jump over the middle greys, where neither dark nor light text would be readable.
 */
export const heat = {
  light: [
    ["#f4f9f8", "#16201e"], ["#e4f2ef", "#16201e"], ["#d2e9e5", "#16201e"], ["#bee0da", "#16201e"], ["#a8d5cd", "#16201e"],
    ["#8fc9bf", "#10201d"], ["#2c7f76", "#ffffff"], ["#20736a", "#ffffff"], ["#17665e", "#ffffff"], ["#0f5952", "#ffffff"], ["#084b45", "#ffffff"],
  ],
  dark: [
    ["#18211f", "#e6ecea"], ["#1a2927", "#e6ecea"], ["#1b322f", "#e6ecea"], ["#1c3c38", "#e6ecea"], ["#1e4742", "#e6ecea"],
    ["#20534d", "#f1f6f4"], ["#4fa79b", "#04201c"], ["#5fb6aa", "#04201c"], ["#71c5b9", "#04201c"], ["#86d3c8", "#04201c"], ["#9fe2d8", "#04201c"],
  ],
};

/** CSS declarations of one theme, as text. */
export function declarations(theme) {
  const tokens = Object.entries(palette[theme]).map(([name, value]) => `${name}: ${value};`);
  const steps = heat[theme].flatMap(([back, ink], step) => [`--heat-${step}: ${back};`, `--heat-ink-${step}: ${ink};`]);
  return [`color-scheme: ${theme};`, ...tokens, ...steps].join("\n  ");
}

/** The themes as a style sheet: light by default, dark by choice or by the system's wish. */
export function themeSheet() {
  return [
    "/* Written by the build from palette.mjs. */",
    `:root, [data-theme="light"] {\n  ${declarations("light")}\n}`,
    `@media (prefers-color-scheme: dark) {\n:root:not([data-theme]) {\n  ${declarations("dark")}\n}\n}`,
    `[data-theme="dark"] {\n  ${declarations("dark")}\n}`,
    ...heat.light.map((_, step) => `.heat-${step} { background-color: var(--heat-${step}); color: var(--heat-ink-${step}); }`),
  ].join("\n");
}
