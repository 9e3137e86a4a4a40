// Bundles every file that stands directly in src/ and writes what the server needs to serve it:
// the bundles under fingerprinted names, each also gzipped, manifest.json and licences.json.
// Run by hatch_build.py in a copy of this folder after `npm ci`: node build.mjs OUTPUT_FOLDER

import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";

const output = process.argv[2];
const entries = (await readdir("src")).filter((name) => /\.(js|css)$/.test(name)).sort();

const { metafile } = await build({
  entryPoints: entries.map((name) => path.join("src", name)),
  outdir: output,
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome105", "firefox110", "safari16.4"],
  loader: { ".woff2": "file", ".svg": "file" },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

await writeJson("manifest.json", { entries: entryNames(metafile) });
await writeJson("licences.json", await licences(metafile));
for (const file of Object.keys(metafile.outputs)) {
  if (/\.(js|css|svg)$/.test(file)) {
    await writeFile(`${file}.gz`, gzipSync(await readFile(file), { level: 9 }));
  }
}

/** Return for "editor.js" the name of its bundle, and for "editor.css" that of the CSS it imports. */
function entryNames(metafile) {
  const names = {};
  for (const [file, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
    // What is imported while the page runs is a bundle too, but no page names it.
    if (!entryPoint || !entries.includes(path.relative("src", entryPoint))) continue;
    add(path.basename(entryPoint), file);
    if (cssBundle) add(path.basename(entryPoint, ".js") + ".css", cssBundle);
  }
  return Object.fromEntries(Object.entries(names).sort());

  function add(name, file) {
    if (name in names) throw new Error(`Two bundles are named ${name}`);
    names[name] = path.basename(file);
  }
}

/** Return name, version, licence and licence text of every package of which a part is bundled. */
async function licences(metafile) {
  const folders = new Set(Object.keys(metafile.inputs).map(packageFolder).filter(Boolean));
  return Promise.all([...folders].sort().map(licence));
}

function packageFolder(file) {
  return file.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1];
}

async function licence(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, "package.json")));
  if (typeof license !== "string") throw new Error(`${name} does not say its licence`);
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = await Promise.all(
    files.sort().map((file) => readFile(path.join(folder, file), "utf8")),
  );
  return { name, version, licence: license, text: texts.map((text) => text.trim()).join("\n\n") };
}

async function writeJson(name, value) {
  await writeFile(path.join(output, name), JSON.stringify(value, null, 1) + "\n");
}
