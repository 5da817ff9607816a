// The program itself as the world of the tests: a made-up county whose files were imported but for two, which are
// left for the import page, and one user of each kind who is needed.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { must } from "./harness.mjs";

const CHILDREN = "3000";
const SEED = "5";
const DAY = "2020-09-15";
const COUNTY = "620422";
const PASSWORD = "correct horse battery";
// How long the first snapshot may take, sanitizers and other work beside.
const READY_MS = 120000;
// What came in after the day, and what is kept for the import page.
const LATER = /2020年11月|劝返/;
const KEPT = /到校情况|城乡低保/;

/** Calls the API as somebody, without the console. */
class Caller {
  constructor(base) {
    this.base = base;
    this.headers = { "Content-Type": "application/json" };
  }

  async call(method, path, body) {
    const response = await fetch(this.base + path, {
      method,
      headers: this.headers,
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    must(response.ok, `${method} ${path}: ${response.status} ${text}`);
    const cookie = response.headers.get("set-cookie");
    if (cookie) this.headers.Cookie = cookie.split(";")[0];
    return text === "" ? null : JSON.parse(text);
  }

  async logIn(user, password) {
    this.headers["X-Baoxue-Token"] = (await this.call("POST", "/api/session", { user, password })).token;
    return this;
  }
}

function startServer(program, db) {
  const child = spawn(program, ["--db", db, "--json", "serve", "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    createInterface({ input: child.stdout }).once("line", (line) =>
      resolve({ child, base: JSON.parse(line).address.replace(/\/$/, "") }),
    );
  });
}

/** Waits until the server has its first snapshot: before it, lists of people answer 503. */
async function untilReady(caller) {
  const end = Date.now() + READY_MS;
  for (;;) {
    const { status } = await fetch(`${caller.base}/api/schools`, { headers: caller.headers });
    if (status !== 503) return;
    must(Date.now() < end, `no snapshot within ${READY_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** What of the data the tests open: the first child of the list, a doubtful pair, an import, a school. */
async function discover(world) {
  const caller = await new Caller(world.base).logIn("county", world.passwords.county);
  await untilReady(caller);
  const first = async (path, fits) => (await caller.call("GET", path)).rows.find(fits);
  world.person = (await first("/api/findings?page_size=50", (row) => row.person !== null)).person;
  world.case = (await first("/api/cases?procedure=dropout", () => true)).case;
  world.pair = (await first("/api/reviews?status=open", () => true)).pair;
  world.school = (await first("/api/schools", (row) => row.code !== "" && row.findings > 0)).code;
  world.applicant = (await first("/api/placing/eligible/applicants", () => true)).record;
  world.batch = (await first("/api/imports", (row) => row.warned > 0)).batch;
}

const runs =
  (program) =>
  (...words) =>
    execFileSync(program, ["--quiet", ...words], { encoding: "utf-8", stdio: ["ignore", "pipe", "ignore"] });

/** The files of a made-up county. */
export function makeCity(program) {
  const folder = mkdtempSync(join(tmpdir(), "baoxue-city-"));
  runs(program)("demo", join(folder, "city"), "--children", CHILDREN, "--seed", SEED);
  return { files: join(folder, "city", "files"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A workspace of its own with the city's files, and a server over it. */
export async function startReal(program, { files }) {
  const folder = mkdtempSync(join(tmpdir(), "baoxue-browser-"));
  const run = runs(program);
  const names = readdirSync(files).filter((name) => !LATER.test(name));
  const db = join(folder, "baoxue.db");
  run("--db", db, "init");
  run("--db", db, "import", "--at", DAY, ...names.filter((name) => !KEPT.test(name)).map((name) => join(files, name)));
  const passwords = {};
  for (const user of ["county", "colleague", "newcomer"]) {
    const made = JSON.parse(run("--db", db, "--json", "user", "add", user, "--role", "county", "--area", COUNTY));
    for (const entry of made.passwords) passwords[entry.user] = entry.one_time_password;
  }
  const { child, base } = await startServer(program, db);
  for (const user of Object.keys(passwords)) {
    if (user === "newcomer") continue;
    const caller = await new Caller(base).logIn(user, passwords[user]);
    await caller.call("PUT", "/api/session/password", { old: passwords[user], new: PASSWORD });
    passwords[user] = PASSWORD;
  }
  const world = {
    program,
    base,
    passwords,
    newcomer: "newcomer",
    day: DAY,
    files: names.filter((name) => KEPT.test(name)).map((name) => join(files, name)),
    stop: () => {
      child.removeAllListeners("exit");
      child.kill("SIGTERM");
      child.once("exit", () => rmSync(folder, { recursive: true, force: true }));
      return new Promise((resolve) => child.once("exit", resolve));
    },
  };
  try {
    await discover(world);
  } catch (error) {
    await world.stop();
    throw error;
  }
  return world;
}

/** A workspace in which five pupils are due aid and a fund can pay it: the files of pay.case. */
export async function startPaying({ program, browser }) {
  const folder = mkdtempSync(join(tmpdir(), "baoxue-browser-"));
  const run = runs(program);
  const db = join(folder, "baoxue.db");
  const text = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "..", "cases", "pay.case"), "utf-8");
  run("--db", db, "init");
  for (const [, name, content] of Array.from(text.matchAll(/^<< (\S+)\n([^]*?)^>>$/gm)).slice(0, 4)) {
    writeFileSync(join(folder, name), content);
    run("--db", db, "import", join(folder, name), "--at", DAY, "--area", COUNTY);
  }
  run("--db", db, "aid", "decide", "--at", "2020-11-25", "--out", join(folder, "awards.csv"));
  const fund = ["--document", "甘财教〔2020〕15号", "--share", "central=60,county=40", "--area", COUNTY];
  run("--db", db, "fund", "open", "2020-生活补助", "--scheme", "boarding_subsidy", ...fund);
  for (const level of ["central", "county"])
    run("--db", db, "fund", "receive", "2020-生活补助", "--level", level, "--yuan", "5000", "--voucher", level, "--day", DAY);
  run("--db", db, "fund", "open", "2020-薄改", "--projects", "--account", "works", ...fund);
  for (const level of ["central", "county"])
    run("--db", db, "fund", "receive", "2020-薄改", "--level", level, "--yuan", "500000", "--voucher", level, "--day", DAY);
  const project = (...words) => run("--db", db, "fund", "project", "2020-薄改", "宿舍楼", ...words, "--day", DAY);
  run("--db", db, "fund", "project", "2020-薄改", "宿舍楼", "plan", "--yuan", "600000", "--document", "会教〔2020〕3号", "--school", "郭城小学");
  project("allot", "--yuan", "500000", "--voucher", "拨-1");
  project("pay", "--yuan", "120000.50", "--voucher", "付-1");
  const passwords = {};
  for (const user of ["county", "colleague"]) {
    const made = JSON.parse(run("--db", db, "--json", "user", "add", user, "--role", "county", "--area", COUNTY));
    for (const entry of made.passwords) passwords[entry.user] = entry.one_time_password;
  }
  const { child, base } = await startServer(program, db);
  for (const user of Object.keys(passwords)) {
    const caller = await new Caller(base).logIn(user, passwords[user]);
    await caller.call("PUT", "/api/session/password", { old: passwords[user], new: PASSWORD });
    passwords[user] = PASSWORD;
    await untilReady(await new Caller(base).logIn(user, PASSWORD));
  }
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners("exit");
      child.once("exit", () => {
        rmSync(folder, { recursive: true, force: true });
        resolve();
      });
      child.kill("SIGTERM");
    });
  return { base, passwords, browser, folder, stop };
}
