// What charts take from the page: its colours, its face, and whether things may move.

/** Colours and type of the figure, as the style sheet has them now. */
export function readTheme(figure) {
  const style = getComputedStyle(figure);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    series: [1, 2, 3, 4, 5, 6].map((step) => colour(`--chart-${step}`)),
    up: colour("--chart-up"), back: colour("--chart-back"), down: colour("--chart-down"),
    grid: colour("--chart-grid"), mark: colour("--chart-mark"),
    ink: colour("--color-base-content"), muted: colour("--muted"), surface: colour("--color-base-100"), line: colour("--line"),
    face: style.fontFamily,
    moves: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}

/** Waits for the face of every letter of the chart: text drawn earlier is measured wrongly, and Han is drawn as boxes. */
export async function loadFaces(figure) {
  const script = document.getElementById(figure.dataset.source);
  const letters = [...new Set(JSON.stringify(JSON.parse(script.textContent)) + "0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٪%")].join("");
  try {
    await document.fonts.load(`12px ${getComputedStyle(figure).fontFamily}`, letters);
  } catch {
    // A face that can't be had is no reason to draw nothing: the system's face stands in.
  }
}
