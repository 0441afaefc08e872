import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";

const find = createRequire(import.meta.url).resolve;
const ICON_TAG = /\{%\s*icon\s+["']([a-z0-9-]+)["']/g;

/** One SVG sprite of every icon that a template names in `{% icon "…" %}` or that `icons.txt` lists
 *  (names chosen at run time). A name that Tabler does not know stops the build. */
export function sprite(options: { listed: string; templates: string }): Plugin {
  let root = "";
  return {
    name: "huiyin-sprite",
    apply: "build",
    configResolved(config) {
      root = config.root;
    },
    generateBundle() {
      const names = new Set([...listed(join(root, options.listed)), ...used(resolve(root, options.templates))]);
      const symbols = [...names].sort().map((name) => symbol(name));
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
      const digest = createHash("sha256").update(source).digest("hex").slice(0, 12);
      const fileName = `icons.${digest}.svg`;
      this.emitFile({ type: "asset", fileName, source });
      this.emitFile({
        type: "asset",
        fileName: "icons.json",
        source: JSON.stringify({ file: fileName, names: [...names].sort() }),
      });
    },
  };
}

function listed(path: string): string[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter(Boolean);
}

function* used(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".html")) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    for (const match of text.matchAll(ICON_TAG)) yield match[1] as string;
  }
}

function symbol(name: string): string {
  let path: string;
  try {
    path = find(`@tabler/icons/outline/${name}.svg`);
  } catch {
    throw new Error(`Tabler has no icon named "${name}"`);
  }
  const inner = readFileSync(path, "utf8")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
}
