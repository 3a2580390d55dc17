// Bundles the page into OUT (default dist/): app.js, app.css, index.html. Runs on Node 18.
import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";

const out = process.env.OUT ?? "dist";
await mkdir(out, { recursive: true });
await build({
  entryPoints: ["src/app.tsx"],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  outfile: `${out}/app.js`,
  logLevel: "warning",
});
await copyFile("src/index.html", `${out}/index.html`);
await copyFile("src/app.css", `${out}/app.css`);
