// Builds what the browser gets into src/daysheet/ui/static/dist (ignored by git): hashed names, one manifest.
import { build } from "esbuild";
import { PurgeCSS } from "purgecss";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const ui = join(here, "src/daysheet/ui/static");
const dist = join(ui, "dist");
const made = join(here, "node_modules/.daysheet");

const BUDGETS = { "app.css": 30_000, "app.js": 50_000, "calendar.js": 55_000, "icons.svg": 15_000 };

// Tabler's own versions of what our components draw are taken out whole, so that nothing of them shines through.
const OURS = /^\.?(nav|steps?|tag|empty|timeline|page|avatar|mark|progress|toast|chip|tabs?|stats?|card|btn|table|badge|dropdown|modal|offcanvas|alert|accordion|list-group|popover|tooltip|carousel|spinner|breadcrumb|pagination|navbar|sidebar|hr-text|ribbon|status|switch|legend|icon|markdown|ts-|flatpickr|apexcharts|noUi|litepicker|jvm|fc-|plyr|sticky|social|payment|flag|datagrid|dropzone|fslightbox|tracking|signature|star|settings|nav-|search|form|calendar|plain|notice|menu|top|field)(-|$|\b)/;
// What a screen may use without a new build: the grid and the plain utilities.
const KEPT = [
  /^(container|container-fluid|row|col|col-(auto|\d+)|col-(sm|md|lg|xl)-(auto|\d+)|g-[0-4])$/,
  /^d-(none|block|inline|inline-block|flex|grid|(sm|md|lg|xl)-(none|block|flex))$/,
  /^(flex-(row|column|wrap|fill|grow-1)|justify-content-(start|center|end|between)|align-items-(start|center|end|baseline)|gap-[0-4]|ms-auto|me-auto|mx-auto)$/,
  /^[mp][tbsexy]?-[0-4]$/,
  /^(text-(start|center|end|nowrap|wrap|break)|fw-(normal|bold)|visually-hidden|visually-hidden-focusable|w-100|h-100)$/,
];

async function purgedTabler() {
  const [result] = await new PurgeCSS().purge({
    content: readdirSync(join(here, "src/daysheet"), { recursive: true })
      .filter((name) => name.endsWith(".html") || (name.endsWith(".py") && !name.includes("migrations")))
      .map((name) => join(here, "src/daysheet", name)),
    css: [join(here, "node_modules/@tabler/core/dist/css/tabler.css")],
    safelist: { standard: KEPT },
    blocklist: [OURS, /data-bs-theme/, /dark/, /-rtl/, /:popover/],
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  // The page may load nothing but our own files (CSP 'self'): drawings inside Tabler's rules go, ours stand in app.css.
  return result.css
    .replace(/[\w-]+:\s*url\((["']?)data:[^;}]*(?:;[^;}"']*)*?\1\)[^;}]*;?/g, "")
    .replace(/--tblr-[\w-]+:\s*url\([^)]*\)[^;}]*;?/g, "");
}

async function bundle(entry, options = {}) {
  await build({
    entryPoints: [join(ui, "src", entry)],
    outfile: join(made, "out", entry),
    bundle: true,
    minify: !process.env.PLAIN,
    legalComments: "none",
    target: ["chrome111", "firefox115", "safari16.4"],
    nodePaths: [join(here, "node_modules")],
    ...options,
  });
}

function place(name, bytes, manifest) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const hashed = name.replace(/(\.\w+)$/, `.${hash}$1`);
  writeFileSync(join(dist, hashed), bytes);
  manifest[name] = hashed;
  const packed = gzipSync(bytes, { level: 9 }).length;
  const allowed = BUDGETS[name];
  console.log(`${name.padEnd(14)} ${String(bytes.length).padStart(7)} bytes ${String(packed).padStart(6)} gz`);
  if (allowed && !process.env.PLAIN && packed > allowed) throw new Error(`${name} is over its budget of ${allowed} bytes packed.`);
}

rmSync(made, { recursive: true, force: true });
mkdirSync(join(made, "out"), { recursive: true });
writeFileSync(join(made, "tabler.css"), await purgedTabler());
await bundle("app.js");
await bundle("calendar.js");
await bundle("calendar.css");
await bundle("app.css", { alias: { tabler: join(made, "tabler.css") } });
copyFileSync(join(ui, "src/favicon.svg"), join(made, "out/favicon.svg"));

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const manifest = {};
for (const name of readdirSync(join(made, "out")).sort()) place(name, readFileSync(join(made, "out", name)), manifest);
writeFileSync(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
console.log(`built ${Object.keys(manifest).length} files into ${relative(here, dist)}`);
