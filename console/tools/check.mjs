// What can be said of the console's sources without running them: types, words, names of hosts.
//
//   node tools/check.mjs        exit code 77: the libraries are not installed
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const FILE_LINES_MAX = 800;
const COLUMNS_MAX = 160;
const problems = [];

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(tsx?|css|mjs)$/.test(entry.name) ? [path] : [];
  });
}

/** Both languages have the same keys and the same places to fill; each key is used, each used one is there. */
function checkWords(texts) {
  const read = (lang) => JSON.parse(readFileSync(join(ROOT, "src/words", `${lang}.json`), "utf-8"));
  const zh = read("zh");
  const en = read("en");
  const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join(" ");
  for (const key of new Set([...Object.keys(zh), ...Object.keys(en)])) {
    if (!(key in zh) || !(key in en)) problems.push(`words: ${key} is missing in ${key in zh ? "en" : "zh"}.json`);
    else if (places(zh[key]) !== places(en[key]))
      problems.push(`words: ${key} has other places in en.json than in zh.json`);
    if (!texts.some((text) => text.includes(`"${key}"`))) problems.push(`words: ${key} is not used`);
  }
  const used = texts.flatMap((text) => Array.from(text.matchAll(/\bt\(\s*"([a-z_]+\.[a-z_]+)"/g), (match) => match[1]));
  for (const key of new Set(used)) if (!(key in zh)) problems.push(`words: ${key} is used and not in zh.json`);
}

function checkLayout(path, text) {
  const lines = text.split("\n");
  if (lines.length > FILE_LINES_MAX)
    problems.push(`${path}: ${lines.length} lines; a file has at most ${FILE_LINES_MAX}`);
  lines.forEach((line, i) => {
    if (line.length > COLUMNS_MAX) problems.push(`${path}:${i + 1}: a line has at most ${COLUMNS_MAX} columns`);
    if (/\t|\s$/.test(line)) problems.push(`${path}:${i + 1}: a tab, or blanks at the end of the line`);
    if (
      /[\u3400-\u9fff]/.test(line.replace(/\/\/.*/, "")) &&
      /^src\/(pages|components|frame)\//.test(path) &&
      !line.includes('"中文"') &&
      !/[，、]/.test(line)
    )
      problems.push(`${path}:${i + 1}: text for users stands in src/words`);
    if (path.startsWith("src/") && /dangerouslySetInnerHTML|\beval\(|innerHTML/.test(line))
      problems.push(`${path}:${i + 1}: text is never taken for markup`);
  });
}

const lock = readFileSync(join(ROOT, "package-lock.json"), "utf-8");
if (/"resolved"/.test(lock))
  problems.push("package-lock.json names where packages came from (npm install --omit-lockfile-registry-resolved)");

const own = [...sources(join(ROOT, "src")), ...sources(join(ROOT, "tools"))];
const texts = new Map(own.map((path) => [relative(ROOT, path), readFileSync(path, "utf-8")]));
for (const [path, text] of texts) checkLayout(path, text);
checkWords(
  Array.from(texts)
    .filter(([path]) => path.startsWith("src/"))
    .map(([, text]) => text),
);

const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
if (existsSync(compiler)) {
  try {
    execFileSync(process.execPath, [compiler, "--noEmit", "-p", ROOT], { encoding: "utf-8" });
  } catch (error) {
    problems.push(error.stdout);
  }
}
for (const problem of problems) console.log(problem);
if (problems.length > 0) process.exit(1);
console.log(
  existsSync(compiler)
    ? "types, words and layout are in order"
    : "words and layout are in order; no compiler, types were not checked",
);
process.exit(existsSync(compiler) ? 0 : 77);
