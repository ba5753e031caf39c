// The three faces: Inter (Latin), Vazirmatn (Arabic script), Noto Sans SC (Han), each cut into files by Unicode range.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const families = [
  ["inter", "wght.css"],
  ["vazirmatn", "wght.css"],
  ["noto-sans-sc", "wght.css"],
];

/** The @font-face rules of all faces, pointing at dist/fonts. */
export function buildFontSheet(here) {
  return families
    .map(([family, sheet]) => readFileSync(join(here, "node_modules", "@fontsource-variable", family, sheet), "utf8"))
    .join("\n")
    .replaceAll("url(./files/", "url(./fonts/")
    .replaceAll("format('woff2-variations')", "format('woff2')");
}
