// Fails when the first page needs more than it may over a poor link, or asks anything of another machine.
//
//   node tools/check_build.mjs
import { readFileSync, readdirSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 350;
const FIRST_PAGES = ["index.html", "src/pages/queue.tsx"];

const dist = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");
const manifest = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf-8"));
const kb = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1024;

/** The files that must be there before the page of `name` is shown. */
function needed(name, found = new Set()) {
  const entry = manifest[name];
  if (!entry || found.has(entry.file)) return found;
  found.add(entry.file);
  for (const style of entry.css ?? []) found.add(style);
  for (const other of entry.imports ?? []) needed(other, found);
  return found;
}

const first = new Set(["index.html"]);
for (const name of FIRST_PAGES) {
  if (!manifest[name]) throw new Error(`${name} is not in the build`);
  needed(name, first);
}
let sum = 0;
for (const file of first) sum += kb(file);

const problems = [];
if (sum > BUDGET_KB) problems.push(`the first page needs ${sum.toFixed(0)} kB compressed, ${BUDGET_KB} kB are allowed`);
const html = readFileSync(join(dist, "index.html"), "utf-8");
if (/https?:\/\//.test(html)) problems.push("index.html asks another machine");
if (/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/.test(html)) problems.push("index.html has something inline");
if (html.split("__NONCE__").length !== 2) problems.push("index.html must have __NONCE__ once");

// What came after Chrome 78, as written in code (a library's word for something else is no call).
const NEWER = [
  /\.replaceAll\(/,
  /\.at\(-?\d/,
  /Object\.hasOwn\(/,
  /structuredClone\(/,
  /Promise\.any\(/,
  /\.findLast\(/,
  /\.toSorted\(/,
  /randomUUID\(/,
  /new WeakRef\(/,
  /\.replaceChildren\(/,
  /AbortSignal\./,
  /[\w)\]]\?\.[a-zA-Z_$[(]/,
  /[\w)\]]\?\?[=\w(]/,
];
for (const name of readdirSync(join(dist, "assets")).filter((file) => file.endsWith(".js"))) {
  const text = readFileSync(join(dist, "assets", name), "utf-8");
  for (const newer of NEWER) {
    const found = newer.exec(text);
    if (found) problems.push(`${name}: ${text.slice(found.index - 20, found.index + 20)} is not in Chrome 78`);
  }
}

const all = readdirSync(join(dist, "assets")).map((name) => `assets/${name}`);
const total = all.reduce((size, file) => size + kb(file), 0);
console.log(
  `console: first page ${sum.toFixed(0)} kB of ${BUDGET_KB} kB compressed, everything ${total.toFixed(0)} kB in ${all.length} files`,
);
for (const problem of problems) console.error(`console: ${problem}`);
process.exit(problems.length > 0 ? 1 : 0);
