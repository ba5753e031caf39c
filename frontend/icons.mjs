// The icon sprite: only the drawings that pages name, from the lucide set.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { palette } from "./palette.mjs";

/** Every icon a page may name; `components/icon.html` shows one. */
export const iconNames = readFileSync(new URL("./icons.txt", import.meta.url), "utf8").split(/\s+/).filter(Boolean);

/** One SVG file with a symbol for each name. Throws where lucide has no such drawing. */
export function buildSprite(here) {
  const symbols = iconNames.map((name) => {
    const svg = readFileSync(join(here, "node_modules", "lucide-static", "icons", `${name}.svg`), "utf8");
    const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).replace(/\s+/g, " ").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** The arrow of select boxes, one for each theme: an image in CSS can't take the page's colour. */
export function buildChevrons() {
  const draw = (colour) =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="${colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="m6 9 6 6 6-6"/></svg>\n`;
  return { "chevron-light.svg": draw(palette.light["--muted"]), "chevron-dark.svg": draw(palette.dark["--muted"]) };
}
