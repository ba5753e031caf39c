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
    width: figure.clientWidth,
    moves: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}

// Which letters need which face; Han alone is a hundred files, not asked for in vain.
const scripts = [["Inter", /\p{Script=Latin}|[0-9]/u], ["Vazirmatn", /\p{Script=Arabic}/u], ["Noto Sans SC", /\p{Script=Han}/u]];

/** The families of a CSS list that these letters are drawn with. */
export function facesFor(letters, families) {
  return families.filter((family) => scripts.some(([name, letter]) => family.includes(name) && letter.test(letters)));
}

/** Waits for the faces of the chart's letters: text drawn earlier is measured wrongly, and Han is drawn as boxes. */
export async function loadFaces(figure) {
  const script = document.getElementById(figure.dataset.source);
  const letters = [...new Set(JSON.stringify(JSON.parse(script.textContent)) + "0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٪%")].join("");
  try {
    const families = getComputedStyle(figure).fontFamily.split(/\s*,\s*/);
    await Promise.all(facesFor(letters, families).map((family) => document.fonts.load(`12px ${family}`, letters)));
  } catch {
    // A face that can't be had is no reason to draw nothing: the system's face stands in.
  }
}
