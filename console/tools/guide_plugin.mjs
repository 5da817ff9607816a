// Builds the user's guide into the console: docs/user-guide.{zh,en}.md become lists of blocks ("virtual:guide") that
// the page /guide shows. Pictures are made by the browser tests and taken in only when they are there.
//
// Understood: headings, paragraphs, lists, numbered lists, tables, code, pictures, and `code`, **bold** and links
// inside text. A comment `<!-- page: reviews findings -->` before a heading names the pages whose help it is.
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const DOCS = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "docs");
const NAME = "virtual:guide";

/** Text with `code`, **bold** and [links](…) as a list of spans. */
export function spans(text) {
  const found = [];
  const pattern = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)]+)\)/g;
  let at = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index) });
    if (match[1] !== undefined) found.push({ code: match[1] });
    else if (match[2] !== undefined) found.push({ bold: match[2] });
    else found.push({ text: match[3] });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ text: text.slice(at) });
  return found;
}

const cells = (line) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => spans(cell.trim()));

/** Lines until one that does not belong to the block any more. */
function take(lines, at, belongs) {
  let end = at;
  while (end < lines.length && belongs(lines[end])) end++;
  return end;
}

/** Lines become one; between Chinese there is no blank. */
const WIDE_END = /[\u2e80-\uffef“”*`]$/;
const WIDE_START = /^[\u2e80-\uffef“”*`]/;
const joined = (parts) =>
  parts.reduce((a, b) => (WIDE_END.test(a) && WIDE_START.test(b) && /[\u2e80-\uffef]/.test(a) ? a + b : `${a} ${b}`));

/** The items of a list; lines that are indented go on with the item before. */
function items(lines, mark) {
  const found = [];
  for (const line of lines)
    if (mark.test(line)) found.push([line.replace(mark, "").trim()]);
    else found[found.length - 1].push(line.trim());
  return found.map((parts) => spans(joined(parts)));
}

export function parse(text) {
  const lines = text.split("\n");
  const blocks = [];
  let pages = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    const heading = /^(#{1,3}) (.*)$/.exec(line);
    const page = /^<!-- page: ([\w ]+) -->$/.exec(line);
    const picture = /^!\[([^\]]*)\]\(([^)]+)\)$/.exec(line);
    let end = at + 1;
    if (page) pages = page[1].split(" ");
    else if (heading) {
      blocks.push({ kind: "heading", level: heading[1].length, text: heading[2], pages });
      pages = [];
    } else if (picture) blocks.push({ kind: "picture", alt: picture[1], file: picture[2] });
    else if (line.startsWith("```")) {
      end = take(lines, at + 1, (other) => !other.startsWith("```")) + 1;
      blocks.push({ kind: "code", text: lines.slice(at + 1, end - 1).join("\n") });
    } else if (line.startsWith("|")) {
      end = take(lines, at, (other) => other.startsWith("|"));
      blocks.push({ kind: "table", head: cells(line), rows: lines.slice(at + 2, end).map(cells) });
    } else if (/^[-*] /.test(line) || /^\d+\. /.test(line)) {
      const mark = /^\d/.test(line) ? /^\d+\. / : /^[-*] /;
      end = take(lines, at, (other) => mark.test(other) || /^ {2,}\S/.test(other));
      blocks.push({ kind: /^\d/.test(line) ? "numbered" : "list", items: items(lines.slice(at, end), mark) });
    } else if (line.trim() !== "") {
      end = take(lines, at, (other) => other.trim() !== "" && !/^(#|```|\||!\[|<!--|[-*] |\d+\. )/.test(other));
      blocks.push({ kind: "text", spans: spans(joined(lines.slice(at, end).map((part) => part.trim()))) });
    }
    at = end;
  }
  return blocks;
}

export function guide() {
  return {
    name: "guide",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) return null;
      const pictures = [];
      const texts = {};
      for (const lang of ["zh", "en"]) {
        const file = join(DOCS, `user-guide.${lang}.md`);
        this.addWatchFile(file);
        texts[lang] = parse(readFileSync(file, "utf-8")).filter((block) => {
          if (block.kind !== "picture") return true;
          const source = join(DOCS, block.file);
          if (!existsSync(source)) return false;
          block.picture = pictures.length;
          pictures.push(this.emitFile({ type: "asset", name: basename(source), source: readFileSync(source) }));
          return true;
        });
      }
      const urls = pictures.map((reference) => `import.meta.ROLLUP_FILE_URL_${reference}`).join(", ");
      return `export const texts = ${JSON.stringify(texts)};\nexport const pictures = [${urls}];\n`;
    },
  };
}
