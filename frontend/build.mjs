// Builds the pages' styles, scripts, fonts and icons into src/vafa/static/dist, or `--to` another folder. `--watch` rebuilds on change.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { buildFontSheet } from "./fonts.mjs";
import { buildChevrons, buildSprite } from "./icons.mjs";
import { themeSheet } from "./palette.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const asked = process.argv.indexOf("--to");
const target = asked > 0 ? process.argv[asked + 1] : join(here, "..", "src", "vafa", "static", "dist");
// Beside the packages, so that a build that is killed leaves nothing where git or the server would find it.
const staging = join(here, "node_modules", `.dist-${process.pid}`);
const tailwind = join(dirname(createRequire(import.meta.url).resolve("@tailwindcss/cli/package.json")), "dist", "index.mjs");

function buildStyles(folder) {
  const sheet = join(folder, "app.css");
  execFileSync(process.execPath, [tailwind, "-i", join(here, "styles", "app.css"), "-o", sheet, "--minify"], { cwd: here, stdio: ["ignore", "ignore", "pipe"] });
  const themes = esbuild.transformSync(themeSheet(), { loader: "css", minify: true }).code;
  const fonts = esbuild.transformSync(buildFontSheet(here), { loader: "css", minify: true }).code;
  writeFileSync(sheet, `${readFileSync(sheet, "utf8")}\n${themes}\n${fonts}`);
}

async function buildScripts(folder) {
  await esbuild.build({
    entryPoints: { app: join(here, "scripts", "app.js"), charts: join(here, "charts", "charts.js") },
    outdir: folder,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "linked",
    logLevel: "warning",
  });
}

/** Moves a folder, also to another disk. */
function moveFolder(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (error.code !== "EXDEV") throw error;
    cpSync(from, to, { recursive: true });
    rmSync(from, { recursive: true });
  }
}

/** Builds into a folder of its own, then swaps it with the old one, so that pages never find a half-built set. */
async function build() {
  const began = performance.now();
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(join(staging, "icons"), { recursive: true });
  buildStyles(staging);
  await buildScripts(staging);
  writeFileSync(join(staging, "icons.svg"), buildSprite(here));
  for (const [name, text] of Object.entries(buildChevrons())) writeFileSync(join(staging, "icons", name), text);
  for (const family of ["inter", "vazirmatn", "noto-sans-sc"]) {
    cpSync(join(here, "node_modules", "@fontsource-variable", family, "files"), join(staging, "fonts"), {
      recursive: true,
      filter: (path) => !path.endsWith(".woff2") || path.endsWith("-wght-normal.woff2"),
    });
  }
  mkdirSync(dirname(target), { recursive: true });
  const old = `${staging}.old`;
  if (existsSync(target)) renameSync(target, old);
  moveFolder(staging, target);
  rmSync(old, { recursive: true, force: true });
  console.log(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

await build();

if (process.argv.includes("--watch")) {
  let timer;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => build().catch((error) => console.error(error.message)), 200);
  };
  for (const folder of [join(here, "styles"), join(here, "scripts"), join(here, "charts")]) watch(folder, { recursive: true }, again);
  watch(join(here, "..", "src", "vafa"), { recursive: true }, (_, name) => {
    if (name && /\.(html|py)$/.test(name)) again();
  });
}
