// What the browser tests share: the browser, logging in as somebody, and the checks that hold for every page.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const PICTURES = join(ROOT, "docs", "pictures");
const MODULES = join(ROOT, "console", "node_modules");
const CHROMIUM = "/usr/bin/chromium";
const SETTLE_MS = 20000;
export const SIZE = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };

export class Skip extends Error {}

/** Starts Debian's Chromium; Skip when it, or the console's libraries, are not installed. */
export async function openBrowser() {
  if (!existsSync(CHROMIUM)) throw new Skip("chromium is not installed");
  const library = join(MODULES, "playwright-core", "index.mjs");
  if (!existsSync(library)) throw new Skip("the console's libraries are not installed (make console)");
  const { chromium } = await import(pathToFileURL(library).href);
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
}

const axe = () =>
  readFileSync(createRequire(import.meta.url).resolve(join(MODULES, "axe-core", "axe.min.js")), "utf-8");

export class Failed extends Error {}

export function must(condition, sentence) {
  if (!condition) throw new Failed(sentence);
}

/** Waits until nothing is on its way and nothing is being loaded. */
export async function untilQuiet(page, isPending) {
  const until = Date.now() + SETTLE_MS;
  for (let quiet = 0; quiet < 2;) {
    must(Date.now() < until, `${page.url()}: does not come to rest`);
    await new Promise((resolve) => setTimeout(resolve, 40));
    const loading = await page.evaluate(() => document.querySelector(".loading") !== null);
    quiet = loading || isPending() ? 0 : quiet + 1;
  }
}

/** Opens a page as a link does. */
export const follow = (page, path) =>
  page.evaluate((to) => {
    window.history.pushState(null, "", to);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, path);

/** A person at a PC: a context of their own, in one language; errors on the page are kept. */
export class Person {
  constructor(world, context, page, name) {
    Object.assign(this, { world, context, page, name, complaints: [], requests: [], pending: 0 });
  }

  static async arrive(world, name, { lang = "zh", dark = false, phone = false } = {}) {
    const context = await world.browser.newContext({
      viewport: phone ? PHONE : SIZE,
      colorScheme: dark ? "dark" : "light",
      acceptDownloads: true,
      locale: lang === "zh" ? "zh-CN" : "en-GB",
    });
    await context.addInitScript(
      (wanted) => localStorage.getItem("baoxue.lang") || localStorage.setItem("baoxue.lang", wanted),
      lang,
    );
    const page = await context.newPage();
    const person = new Person(world, context, page, name);
    // "Failed to load resource" is what the browser says of any answer that is an error, also where one is wanted.
    page.on("console", (message) => {
      if (message.type() === "error" && !/Failed to load resource/.test(message.text()))
        person.complaints.push(message.text());
    });
    page.on("pageerror", (error) => person.complaints.push(error.message));
    // A task tells its progress for as long as it runs; a page is ready before.
    const counts = (request) => request.resourceType() !== "eventsource";
    page.on("requestfinished", (request) => counts(request) && person.pending--);
    page.on("requestfailed", (request) => counts(request) && person.pending--);
    page.on("request", (request) => {
      if (counts(request)) person.pending++;
      if (!request.url().startsWith(world.base) && !/^(data|blob):/.test(request.url()))
        person.requests.push(request.url());
    });
    return person;
  }

  async logIn(path = "/") {
    await this.page.goto(this.world.base + path);
    await this.page.fill("#user", this.name);
    await this.page.fill("#password", this.world.passwords[this.name]);
    await this.page.keyboard.press("Enter");
    await this.page.waitForSelector(".shell h1, #code, #old");
    return this;
  }

  /** Opens a page as a link does, and waits until it shows what it has. */
  async open(path) {
    await follow(this.page, path);
    await this.settle();
  }

  async settle() {
    await untilQuiet(this.page, () => this.pending > 0);
  }

  /** What holds for every page: nothing complained, nothing asked elsewhere, no sideways scrolling, axe content. */
  async check(where) {
    const wide = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    must(wide <= 0, `${where}: scrolls sideways by ${wide} pixels`);
    must(this.requests.length === 0, `${where}: asks another machine: ${this.requests[0]}`);
    must(this.complaints.length === 0, `${where}: ${this.complaints[0]}`);
    if (!(await this.page.evaluate(() => "axe" in window))) await this.page.evaluate(axe());
    // What scrolls takes the focus by itself since Chrome 130, which axe does not know; on a PC nothing need scroll.
    const phone = this.page.viewportSize().width === PHONE.width;
    const rules = phone ? { "scrollable-region-focusable": { enabled: false } } : {};
    const found = await this.page.evaluate(async (rules) => {
      const result = await window.axe.run(document, { resultTypes: ["violations"], rules });
      return result.violations
        .filter((rule) => rule.impact === "serious" || rule.impact === "critical")
        .map(
          (rule) =>
            `${rule.id}: ${rule.nodes
              .slice(0, 3)
              .map((node) => node.html.slice(0, 140))
              .join(" | ")}`,
        );
    }, rules);
    must(found.length === 0, `${where}: ${found.join("\n      ")}`);
  }

  async picture(name) {
    mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  async leave() {
    await this.context.close();
  }
}

/** Runs tests one after the other and says how each went. */
export class Report {
  constructor() {
    this.passed = 0;
    this.failed = 0;
  }

  async test(name, run) {
    const begun = Date.now();
    try {
      await run();
      this.passed++;
      console.log(`ok   ${name} (${Date.now() - begun} ms)`);
    } catch (error) {
      this.failed++;
      console.log(
        `FAIL ${name} (${Date.now() - begun} ms)\n     ${error instanceof Failed ? error.message : error.stack}`,
      );
    }
  }
}
