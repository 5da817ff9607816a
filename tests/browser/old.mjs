// Every page in the oldest browser that the console is built for, Chromium 78: node tests/browser/old.mjs PROGRAM FOLDER
//
// FOLDER has node_modules with chrome-aws-lambda 1.20 (the browser itself) and puppeteer-core 1.20 (which speaks to it):
// `make test-old-browser` puts them there. What is looked for: nothing fails to be understood, each page shows what it
// has (a picture of it lies in FOLDER then) and does not scroll sideways, a person is found as one types, and a dialog opens and closes.
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { Report, SIZE, follow, must, untilQuiet } from "./harness.mjs";
import { PAGES } from "./pages.mjs";
import { makeCity, startReal } from "./real.mjs";

const [program, folder] = process.argv.slice(2);
const SETTLE_MS = 30000;
const ROLES = ["county", "security", "auditor", "system"];

async function openOld() {
  const require = createRequire(join(resolve(folder), "package.json"));
  const path = join(resolve(folder), "chromium");
  if (!existsSync(path)) {
    const packed = join(resolve(folder), "node_modules", "chrome-aws-lambda", "bin", "chromium.br");
    writeFileSync(path, brotliDecompressSync(readFileSync(packed)));
    chmodSync(path, 0o755);
  }
  return require("puppeteer-core").launch({
    executablePath: path,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

/** A person at an old PC. */
class OldPerson {
  constructor(world, page, name) {
    Object.assign(this, { world, page, name, complaints: [], pending: new Set() });
    page.on("console", (message) => {
      if (message.type() === "error" && !/Failed to load resource/.test(message.text()))
        this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
    const done = (request) => this.pending.delete(request);
    page.on("request", (request) => request.resourceType() !== "eventsource" && this.pending.add(request));
    page.on("requestfinished", done);
    page.on("requestfailed", done);
  }

  static async arrive(browser, world, name, lang) {
    const context = await browser.createIncognitoBrowserContext();
    const page = await context.newPage();
    await page.setViewport(SIZE);
    await page.evaluateOnNewDocument((wanted) => localStorage.setItem("baoxue.lang", wanted), lang);
    const person = new OldPerson(world, page, name);
    await page.goto(`${world.base}/`);
    await page.waitForSelector("#user");
    await page.type("#user", name);
    await page.type("#password", world.passwords[name]);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".shell h1");
    return person;
  }

  async settle() {
    await untilQuiet(this.page, () => this.pending.size > 0);
  }

  async open(path) {
    await follow(this.page, path);
    await this.settle();
  }

  async check(where) {
    const seen = await this.page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      title: document.querySelector(".shell h1") !== null,
      text: document.querySelector("main") === null ? 0 : document.querySelector("main").textContent.length,
    }));
    must(seen.title && seen.text > 0, `${where}: nothing is shown`);
    must(seen.wide <= 0, `${where}: scrolls sideways by ${seen.wide} pixels`);
    must(this.complaints.length === 0, `${where}: ${this.complaints[0]}`);
  }
}

async function seePages(browser, world, report) {
  for (const lang of ["zh", "en"]) {
    for (const name of ROLES) {
      const person = await OldPerson.arrive(browser, world, name, lang);
      for (const [page, path] of PAGES[name])
        await report.test(`old ${page} ${lang}`, async () => {
          person.complaints.length = 0;
          await person.open(typeof path === "function" ? path(world) : path);
          await person.page.screenshot({ path: join(resolve(folder), `${page}.${lang}.png`) });
          await person.check(page);
        });
      await person.page.close();
    }
  }
}

/** What is more than looking: a search as one types, a dialog, the dark. */
async function useIt(browser, world, report) {
  await report.test("old search and dialog", async () => {
    const person = await OldPerson.arrive(browser, world, "county", "zh");
    await person.settle();
    await person.page.keyboard.press("/");
    await person.page.keyboard.type("wang");
    await person.page.waitForSelector(".search-results [role=option], [role=listbox] [role=option]", { timeout: SETTLE_MS });
    await person.page.keyboard.press("Escape");
    await person.open("/payments");
    await person.page.click(".page-actions .ant-btn-primary");
    await person.page.waitForSelector(".ant-modal", { timeout: SETTLE_MS });
    await person.settle();
    await person.check("a dialog");
    await person.page.close();
  });
}

async function main() {
  const browser = await openOld();
  console.log(await browser.version());
  const city = makeCity(program);
  const world = await startReal(program, city);
  const report = new Report();
  try {
    await seePages(browser, world, report);
    await useIt(browser, world, report);
  } finally {
    await browser.close();
    await world.stop();
    city.remove();
  }
  console.log(`${report.passed} passed, ${report.failed} failed`);
  return report.failed > 0 || report.passed === 0 ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
