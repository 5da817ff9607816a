// Whole jobs, each as the person who does it, with mouse and keyboard and nothing else.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Person, ROOT, must } from "./harness.mjs";
import { caseByKeys, factsByTheirNames } from "./case_job.mjs";
import { firstRead } from "./early_job.mjs";
import { eligibility } from "./eligible_job.mjs";
import { placing } from "./placing_job.mjs";
import { paymentByTwo } from "./pay_job.mjs";

// Exactly as long as it must be.
const NEW_PASSWORD = "越山 tall 8牛";

export async function textOf(person, selector) {
  return (await person.page.textContent(selector)) ?? "";
}

/** The rows of a file that was downloaded, as text; a workbook is opened and read. */
export function readDownload(path, name) {
  if (!name.endsWith(".xlsx")) return readFileSync(path, "utf-8");
  const script =
    "import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);print(z.testzip() or '');" +
    "[print(z.read(n).decode()) for n in z.namelist() if n.startswith('xl/') and n.endswith('.xml')]";
  return execFileSync("python3", ["-c", script, path], { encoding: "utf-8", maxBuffer: 1 << 28 });
}

/** Clicks what starts a download and gives the file's name and text. */
export async function downloaded(person, click) {
  const waiting = person.page.waitForEvent("download");
  await click();
  const file = await waiting;
  return { name: file.suggestedFilename(), text: readDownload(await file.path(), file.suggestedFilename()) };
}

export async function firstLogIn(world) {
  const person = await Person.arrive(world, world.newcomer);
  await person.page.goto(world.base);
  await person.page.fill("#user", person.name);
  await person.page.fill("#password", "not the password");
  await person.page.keyboard.press("Enter");
  await person.page.waitForSelector(".ant-alert-error");
  await person.logIn();
  await person.page.waitForSelector("#old");
  await person.check("forced change of password");
  await person.page.fill("#old", world.passwords[person.name]);
  await person.page.fill("#new", "short");
  await person.page.fill("#again", "short");
  await person.page.keyboard.press("Enter");
  await person.page.waitForSelector(".ant-alert-error");
  await person.page.fill("#new", NEW_PASSWORD);
  await person.page.fill("#again", NEW_PASSWORD);
  await person.page.keyboard.press("Enter");
  await person.page.waitForSelector(".shell h1");
  world.passwords[person.name] = NEW_PASSWORD;
  await person.leave();
}

/** Changes the first cell with a remark; the file is read again with what was typed. */
async function correctCell(person) {
  const { page } = person;
  await page.click("details.problem summary >> nth=0");
  const before = await page.inputValue("details.problem[open] .cell input >> nth=0");
  await page.fill("details.problem[open] .cell input >> nth=0", `${before}0`);
  const answered = page.waitForResponse((response) => /\/cells$/.test(response.url()));
  await page.click("details.problem[open] .cell button >> nth=0");
  must((await answered).ok(), "the corrected cell is taken");
  await page.waitForSelector(".ant-progress", { state: "detached", timeout: 60000 });
  await person.settle();
  must((await page.$(".ant-alert-error")) === null, "and the file is read again");
}

export async function importFiles(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await person.open("/imports/new");
  await page.fill("#at", world.day);
  await page.setInputFiles("input[type=file]", world.files);
  await page.waitForSelector(".steps + .section, .steps ~ .section", { timeout: 60000 });
  await person.settle();
  const files = await page.$$(".page > .section");
  must(files.length === world.files.length + 1, `${files.length - 1} files are shown of ${world.files.length}`);
  const columns = await page.$$eval("tbody tr th[scope=row]", (cells) => cells.length);
  must(columns > 3, "the columns of the files are shown");
  must((await page.$$("tr.ignored")).length > 0, "columns that are not imported are shown as ignored");
  await person.picture("import-look.zh");
  await person.check("import, before it");
  await correctCell(person);
  await page.click(".buttons .ant-btn-primary:not(:disabled) >> nth=-1");
  await page.waitForSelector(".steps li:nth-child(3)[aria-current=step]", { timeout: 120000 });
  must(/\d/.test(await textOf(person, ".ant-alert-success")), "says what was imported");
  await person.picture("import-done.zh");
  await person.check("import, after it");
  await person.leave();
}

export async function undoImport(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await person.open("/imports");
  const open = (await page.$$(".list-table td button")).length;
  await page.click(".list-table td button >> nth=0");
  await page.waitForSelector("[role=dialog] textarea");
  await page.click("[role=dialog] .ant-btn-dangerous");
  await page.waitForSelector("[role=dialog] .help.error");
  await page.click("[role=dialog] .phrases button >> nth=0");
  await page.click("[role=dialog] .ant-btn-dangerous");
  await page.waitForSelector(".notice");
  await person.settle();
  must((await page.$$(".list-table td button")).length === open - 1, "the import is shown as undone");
  await person.leave();
}

/** Two pages of imports hold what the server has, the newest first, and nothing twice. */
export async function pagesOfImports(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  const numbers = async () =>
    (await page.$$eval(".list-table tr[data-row-key]", (rows) => rows.map((row) => Number(row.dataset.rowKey))));
  await person.open("/imports");
  await page.waitForSelector(".list-table tr[data-row-key]");
  const first = await numbers();
  must(first.length === 50, `the first page has ${first.length} imports`);
  await page.click(".ant-pagination-item-2");
  await page.waitForFunction((key) => document.querySelector(`tr[data-row-key="${key}"]`) === null, String(first[0]));
  await person.settle();
  const both = first.concat(await numbers());
  must(both.length > 50, "the second page is empty");
  must(both.every((number, i) => i === 0 || number < both[i - 1]), "the pages are not one list, the newest first");
  await person.check("the second page of imports");
  await page.reload();
  await page.waitForSelector(".list-table tr[data-row-key]");
  must((await numbers())[0] === both[50], "the page is not found again by its address");
  await person.leave();
}

/** From the home page to a decision and back, without touching the mouse. */
export async function reviewByKeys(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.waitForSelector(".list-table tr[data-row-key]");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".verdicts");
  await person.settle();
  const first = page.url();
  await page.keyboard.press("2");
  await page.waitForSelector("#why");
  await person.picture("review-why.zh");
  await page.keyboard.press("1");
  await page.waitForSelector(".notice");
  await page.waitForFunction((url) => window.location.href !== url, first);
  await page.keyboard.press("k");
  await page.waitForSelector(".decided");
  must(page.url() === first, "K goes back to the pair that was decided");
  await takeBack(person);
  await person.check("review after taking back");
  await person.leave();
}

/** Opens a pair that waits and chooses a verdict, up to the reason. */
async function chooseVerdict(person, pair, key) {
  await person.open(`/reviews/${pair}`);
  await person.page.waitForSelector(".verdicts");
  await person.page.keyboard.press(key);
  await person.page.waitForSelector("#why");
}

/** Takes a decision back; a key that comes while the page is read again is pressed once more. */
async function takeBack(person) {
  for (let times = 0; times < 3; times++) {
    await person.page.keyboard.press("u");
    const there = await person.page.waitForSelector(".verdicts", { timeout: 10000 }).catch(() => null);
    if (there) return;
  }
  must(false, "the pair is not open again");
}

/** Two decide one pair: the second sees both decisions and keeps one; nothing is written over unseen. */
export async function reviewClash(world) {
  const first = await (await Person.arrive(world, "county")).logIn();
  const second = await (await Person.arrive(world, "colleague")).logIn();
  await first.open("/reviews");
  const pair = await first.page.getAttribute(".list-table tr[data-row-key]", "data-row-key");
  await chooseVerdict(second, pair, "1");
  await chooseVerdict(first, pair, "2");
  await first.page.keyboard.type("户口本上是两个人");
  await first.page.keyboard.press("Enter");
  await first.page.waitForSelector(".notice");
  await second.page.keyboard.type("老师说是同一人");
  await second.page.keyboard.press("Enter");
  await second.page.waitForSelector(".conflict");
  const both = await textOf(second, ".conflict");
  for (const part of ["county", "两个人", "户口本上是两个人", "同一人", "老师说是同一人"])
    must(both.includes(part), `the conflict says ${part}: ${both}`);
  await second.check("two decisions");
  await second.picture("review-clash.zh");
  await second.page.click(".conflict .ant-btn-primary");
  await second.page.waitForSelector(".notice");
  await second.open(`/reviews/${pair}`);
  await second.page.waitForSelector(".decided");
  must(/同一人.*老师说是同一人/.test(await textOf(second, ".decided")), "what was chosen after seeing both holds");
  await takeBack(second);
  await first.leave();
  await second.leave();
}

/** Opens the dialog of a user. */
async function editUser(security, user) {
  await security.open("/users");
  await security.page.click(`tr[data-row-key=${user}] button >> nth=0`);
  await security.page.waitForSelector("#edit-areas");
}

/** Two change one user: field by field one keeps what the other wrote or what one wanted. */
export async function userClash(world) {
  const first = await (await Person.arrive(world, "security")).logIn();
  const second = await (await Person.arrive(world, "security")).logIn();
  await editUser(first, "colleague");
  await editUser(second, "colleague");
  await first.page.fill("#edit-display_name", "李老师");
  await first.page.click("[role=dialog] .ant-checkbox-input");
  await first.page.click("[role=dialog] .ant-btn-primary");
  await first.page.waitForSelector("[role=dialog]", { state: "detached" });
  await second.page.fill("#edit-display_name", "李科长");
  await second.page.click("[role=dialog] .ant-btn-primary");
  await second.page.waitForSelector(".conflict");
  const both = await textOf(second, ".conflict");
  for (const part of ["security", "李老师", "李科长", "停用", "启用"]) must(both.includes(part), `${part}: ${both}`);
  must(!both.includes("辖区"), "what both left alone is no conflict");
  await second.check("two versions of a user");
  // The name as one wanted it; that the user is disabled stays as the other wrote it.
  await second.page.click(".conflict tbody tr >> nth=1 >> input >> nth=0");
  await second.page.click(".conflict .ant-btn-primary");
  await second.page.waitForSelector("[role=dialog]", { state: "detached" });
  await second.settle();
  const row = await textOf(second, "tr[data-row-key=colleague]");
  must(row.includes("李科长") && row.includes("停用"), `both are kept as chosen: ${row}`);
  await editUser(second, "colleague");
  await second.page.click("[role=dialog] .ant-checkbox-input");
  await second.page.click("[role=dialog] .ant-btn-primary");
  await second.page.waitForSelector("[role=dialog]", { state: "detached" });
  await first.leave();
  await second.leave();
}

export async function reviewTogether(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await person.open("/reviews");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.click(".page-actions .ant-btn-primary");
  await page.waitForSelector("[role=dialog] textarea");
  must(/2/.test(await textOf(person, "[role=dialog] .ant-modal-body p")), "says what will be decided before it is");
  await person.check("deciding several");
  await page.click("[role=dialog] .phrases button >> nth=1");
  await page.click("[role=dialog] .ant-btn-primary");
  await page.waitForSelector(".notice");
  await page.click(".notice button >> nth=0");
  await person.settle();
  await person.leave();
}

export async function missingToWorkbook(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await page.click(".board a >> nth=0");
  await page.waitForSelector(".list-table tr[data-row-key]");
  await person.settle();
  must(/queue=/.test(page.url()), "the number leads to its list");
  const name = await textOf(person, ".list-table tr[data-row-key] a");
  const total = Number(/\d+/.exec((await textOf(person, ".list-count")).replace(/,/g, ""))[0]);
  await page.click(".page-actions .ant-btn-primary");
  await page.waitForSelector("[role=dialog] textarea");
  must(
    (await textOf(person, "[role=dialog] .ant-modal-body p")).includes(String(total)),
    "says how many rows will be written",
  );
  await person.picture("export.zh");
  await person.check("export");
  await page.click("[role=dialog] .phrases button >> nth=0");
  const file = await downloaded(person, () => page.click("[role=dialog] .ant-btn-primary"));
  must(file.text.includes(name), `the workbook ${file.name} names the first child of the list`);
  await page.click(".list-table tr[data-row-key] a >> nth=0");
  await page.waitForSelector(".facts-table");
  must((await textOf(person, "h1")) === name, "the child's page is of the child that was clicked");
  must(/\d/.test(await textOf(person, ".facts-table .source")), "each fact says where it comes from");
  await person.leave();
}

export async function reveal(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await person.open(`/persons/${world.person}`);
  must(!/\d{17}/.test(await textOf(person, "main")), "numbers are masked until asked for");
  await page.click(".page-actions .ant-btn >> nth=0");
  await page.click("[role=dialog] .phrases button >> nth=0");
  await page.click("[role=dialog] .ant-btn-primary");
  await page.waitForSelector(".revealed");
  must(/\d{17}/.test(await textOf(person, ".revealed")), "the number is shown after the reason was given");
  await person.check("a number revealed");
  await person.leave();
}

export async function fourEyes(world) {
  const clerk = await (await Person.arrive(world, "county")).logIn("/findings");
  await clerk.settle();
  await clerk.page.click(".page-actions .ant-btn-primary");
  await clerk.page.check("[role=dialog] input[type=checkbox]");
  await clerk.page.click("[role=dialog] .phrases button >> nth=0");
  await clerk.page.click("[role=dialog] .ant-btn-primary");
  await clerk.page.waitForSelector(".notice");
  await clerk.open("/approvals");
  must((await clerk.page.$$(".list-table td button")).length === 0, "nobody approves what they asked for themselves");
  const other = await (await Person.arrive(world, "colleague")).logIn("/approvals");
  await other.page.click(".list-table td button");
  await other.page.click("[role=dialog] .phrases button >> nth=0");
  await other.page.click("[role=dialog] .ant-btn-primary");
  await other.page.waitForSelector(".mark-green");
  await other.leave();
  await clerk.open("/");
  await clerk.open("/approvals");
  await clerk.page.waitForSelector(".list-table td button");
  const file = await downloaded(clerk, () => clerk.page.click(".list-table td button"));
  must(file.text.length > 0, "the file is given once it was approved");
  await clerk.leave();
}

export async function searchByKeys(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await person.open(`/persons/${world.person}`);
  const name = await textOf(person, "h1");
  await person.open("/");
  await page.keyboard.press("Tab");
  await page.keyboard.press("/");
  await page.keyboard.type(name);
  await page.waitForSelector("#hit-0");
  await person.picture("search.zh");
  await person.check("search");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".facts-table");
  must((await textOf(person, "h1")) === name, "Enter opens who was found");
  await page.keyboard.press("?");
  await page.waitForSelector("[role=dialog]");
  await person.picture("keys.zh");
  await person.check("keys");
  await page.keyboard.press("Escape");
  await page.waitForSelector("[role=dialog]", { state: "detached" });
  await person.leave();
}

export async function languageAtAClick(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await page.evaluate(() => (window.stillThere = true));
  const before = await textOf(person, "h1");
  await page.click("header [lang=en]");
  must((await textOf(person, "h1")) !== before, "the heading changes with the language");
  must((await page.getAttribute("html", "lang")) === "en", "the document says its language");
  must(await page.evaluate(() => window.stillThere === true), "the page is not loaded again");
  await page.click("header [lang='zh-CN']");
  must((await textOf(person, "h1")) === before, "and back");
  await person.leave();
}

export async function skipLink(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  await person.settle();
  await person.page.reload();
  await person.page.waitForSelector(".board");
  await person.page.evaluate(() => document.activeElement.blur());
  await person.page.keyboard.press("Tab");
  must(
    (await person.page.evaluate(() => document.activeElement.className)) === "skip",
    "the first stop skips to the content",
  );
  await person.page.keyboard.press("Enter");
  await person.page.keyboard.press("Tab");
  must(
    await person.page.evaluate(() => document.activeElement.closest("main") !== null),
    "and from there on inside the content",
  );
  await person.leave();
}

/** The password on the screen; puts it away. */
async function oneTime(security) {
  await security.page.waitForSelector(".one-time");
  const password = (await textOf(security, ".one-time")).trim();
  await security.page.click(".ant-modal-content:has(.one-time) .ant-btn-primary");
  await security.page.waitForSelector(".one-time", { state: "hidden" });
  return password;
}

/** A school's user is made with the school found by its code; areas are not asked for. */
async function schoolUser(security, school) {
  const { page } = security;
  await page.click(".page-actions .ant-btn-primary");
  await page.fill("#edit-user", "xuexiao");
  await page.fill("#edit-display_name", "学校");
  await page.click(".ant-select:has(#edit-role)");
  await page.click(".ant-select-item-option[title=学校]");
  await page.waitForSelector("#edit-school");
  must((await page.$("#edit-areas")) === null, "a school has no areas");
  await page.focus("#edit-school");
  await page.keyboard.type(school);
  await page.waitForSelector(`.ant-select-item-option >> text=${school}`);
  await page.keyboard.press("Enter");
  await security.check("a school's user being made");
  await page.click(".ant-modal-content:has(#edit-school) .ant-btn-primary");
  await oneTime(security);
  must(/xuexiao/.test(await textOf(security, ".list-table")), "the school's user is there");
}

export async function administrators(world) {
  const security = await (await Person.arrive(world, "security")).logIn();
  const { page } = security;
  await page.waitForSelector(".list-table tr[data-row-key]");
  must(/\/users$/.test(page.url()), "the security administrator's home are the users");
  await security.open("/findings");
  must((await page.$(".list-table")) === null, "and sees no children");
  await security.open("/users");
  await page.click(".page-actions .ant-btn-primary");
  await page.fill("#edit-user", "zhangxm");
  await page.fill("#edit-display_name", "张晓明");
  await page.focus("#edit-areas");
  await page.keyboard.type("会宁县");
  await page.waitForSelector(".ant-select-tree >> text=620422100");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".ant-select-selection-item >> text=会宁县");
  await page.keyboard.type("红堡子村");
  await page.waitForSelector(".ant-select-tree >> text=红堡子村");
  await security.check("an area being found");
  await page.keyboard.press("Escape");
  await security.check("a user being made");
  await page.click("[role=dialog] .ant-btn-primary");
  world.passwords.zhangxm = await oneTime(security);
  await page.click("tr[data-row-key=zhangxm] button >> nth=1");
  const again = await oneTime(security);
  must(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/.test(again) && again !== world.passwords.zhangxm, `a new password: ${again}`);
  world.passwords.zhangxm = again;
  await schoolUser(security, world.school);
  await security.leave();
  const auditor = await (await Person.arrive(world, "auditor")).logIn();
  await auditor.page.waitForSelector(".list-table tr[data-row-key]");
  await auditor.page.click(".page-actions .ant-btn-primary");
  await auditor.page.waitForSelector(".ant-alert-success");
  await auditor.page.focus("#filter-action");
  await auditor.page.keyboard.type("新增用户");
  await auditor.page.keyboard.press("Enter");
  await auditor.settle();
  must(/action=user_add/.test(auditor.page.url()), "the trail is narrowed to one action");
  const done = await auditor.page.$$eval(".list-table tr[data-row-key] td:nth-child(4)", (cells) =>
    cells.map((cell) => cell.textContent),
  );
  must(done.length > 0 && done.every((text) => text === "新增用户"), `actions are words: ${done.join(" ")}`);
  await auditor.leave();
  const system = await (await Person.arrive(world, "system")).logIn();
  await system.page.waitForSelector(".check");
  await system.page.click(".page-actions .ant-btn-primary");
  await system.page.waitForSelector(".ant-alert-success >> text=baoxue.db", { timeout: 60000 });
  await system.leave();
}

/** A tile's colour depends on its own numbers alone, in the steps that the legend says. */
export async function leaderColours(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const legend = [0, 10, 50, 200];
  for (const kind of ["not_enrolled", "not_attending", "attending_unregistered"]) {
    await person.open(`/leader?kind=${kind}`);
    must(/10–50/.test(await textOf(person, ".legend")), "the legend says the steps");
    const areas = await person.page.evaluate(async () => (await (await fetch("/api/summary")).json()).areas);
    const tiles = await person.page.$$eval(".cartogram a", (links) =>
      links.map((link) => [link.getAttribute("href"), link.querySelector("rect").getAttribute("class")]),
    );
    must(tiles.length > 1, "there are tiles");
    for (const [href, shade] of tiles) {
      const area = areas.find((one) => href.includes(`area=${one.code}&`) || href.endsWith(`area=${one.code}`));
      const rate = ((area.findings[kind] ?? 0) / area.expected) * 10000;
      const step = legend.filter((above) => rate > above).length;
      must(shade === `shade-${step}`, `${area.name}: ${rate} in 10,000 is painted ${shade}`);
    }
  }
  await person.leave();
}

/** From the number of those entitled to one child's reasons and the letter; then what another rule would bring. */
export async function aidOfAChild(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await person.open("/aid");
  await page.click('a[href^="/aid/"][href*="verdict=yes"] >> nth=0');
  await page.waitForSelector(".list-table tr[data-row-key] a");
  await page.click(".list-table tr[data-row-key] a >> nth=0");
  await page.waitForSelector("details.card summary .mark, details.card summary");
  await person.settle();
  await page.click(".section details.card summary >> nth=0");
  await page.waitForSelector("details[open] .reasons li");
  await person.check("aid of a child");
  const waiting = page.waitForEvent("download");
  await page.click("details[open] button >> nth=0");
  const file = await waiting;
  must(readFileSync(await file.path()).subarray(0, 4).toString() === "%PDF", "the letter is no PDF");
  await person.open("/policy");
  const kept = await page.inputValue("textarea.rule");
  await page.fill("textarea.rule", `${kept}\n不是规则\n`);
  await page.click(".section .ant-btn-primary");
  await page.waitForSelector('ul[role="alert"] li');
  await page.fill("textarea.rule", kept);
  await page.click(".section .ant-btn-primary");
  await page.waitForSelector(".section .empty");
  await person.check("impact preview");
  await person.leave();
}

/** The dossier of a case as a file, and it stands in the case that it was made. */
export async function paperOfACase(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await person.open("/cases?procedure=dropout");
  await page.click(".list-table tr[data-row-key] a >> nth=0");
  await page.waitForSelector(".timeline");
  const told = await page.locator(".timeline > li").count();
  await page.click("text=出文书");
  await page.waitForSelector("#paper-key");
  await person.check("papers of a case");
  must((await textOf(person, "[role=dialog]")).includes("一生一案"), "the dossier may be made first");
  await person.picture("case-papers.zh");
  const waiting = page.waitForEvent("download");
  await page.click("[role=dialog] .ant-btn-primary");
  const file = await waiting;
  must(readFileSync(await file.path()).subarray(0, 4).toString() === "%PDF", "the dossier is no PDF");
  await page.waitForSelector("[role=dialog]", { state: "detached" });
  await page.waitForFunction((n) => document.querySelectorAll(".timeline > li").length === n + 1, told);
  await person.leave();
}

/** A visit with its proofs: a file that is none is refused whole, the others come back byte for byte. */
export async function filesOfACase(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  const photo = { name: "入户照片.jpg", mimeType: "image/jpeg", buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]) };
  const letter = { name: "就读证明.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 proof") };
  const script = { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<script>1</script>") };
  await person.open("/cases?procedure=dropout");
  await page.click(".list-table tr[data-row-key] a >> nth=1");
  await page.waitForSelector(".timeline");
  const told = await page.locator(".timeline > li").count();
  await page.click("text=附文件");
  await page.setInputFiles("[role=dialog] input[type=file]", [photo, script]);
  await page.fill("#case-said", "家长当面提供");
  await page.click("[role=dialog] .ant-btn-primary");
  await page.waitForSelector("[role=dialog] [role=alert]");
  must((await textOf(person, "[role=dialog] [role=alert]")).includes("page.html"), "which file is refused is not said");
  await page.click("[role=dialog] li:has-text('page.html') button");
  await page.setInputFiles("[role=dialog] input[type=file]", [letter]);
  await person.check("files of a case");
  await person.picture("case-files.zh");
  await page.click("[role=dialog] .ant-btn-primary");
  await page.waitForSelector("[role=dialog]", { state: "detached" });
  await page.waitForFunction((n) => document.querySelectorAll(".timeline > li").length === n + 2, told);
  const waiting = page.waitForEvent("download");
  await page.click(".timeline button:has-text('就读证明.pdf')");
  const file = await waiting;
  must(file.suggestedFilename() === "就读证明.pdf", `the file is called ${file.suggestedFilename()}`);
  must(readFileSync(await file.path()).equals(letter.buffer), "the file is not what was attached");
  await person.picture("case-story.zh");
  await person.leave();
}

/** Chooses from the list of a field. */
async function choose(person, field, title) {
  await person.page.click(`.ant-select:has(#${field})`);
  await person.page.click(`.ant-select-item-option[title="${title}"]`);
}

/** What is owed in a township, filled in as another program would, comes back: tried first, both sides of a conflict
 * shown, one of them written all the same. */
async function caseSheet(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await person.open("/cases?procedure=dropout");
  await page.click(".page-actions a");
  await page.waitForSelector("#sheet-area");
  const waiting = page.waitForEvent("download");
  await page.click(".filters .ant-btn-primary");
  const packed = await (await waiting).path();
  const filled = `${packed}.xlsx`;
  const fill = join(ROOT, "tests", "browser", "fill_sheet.py");
  const given = ["K3=2020-11-20", "L3=home", "M3=父亲", "O3=promised", "K4=2020-02-30", "K5=2020-11-20", "L5=home"];
  execFileSync("python3", [fill, packed, filled, ...given, "M5=母亲", "O5=undecided"]);
  await page.setInputFiles("input[type=file]", filled);
  await page.waitForSelector(".sheet-rows tbody tr");
  must((await page.locator(".sheet-rows tbody tr").count()) === 3, "three rows were filled in");
  const link = await page.getAttribute(".sheet-rows tbody tr a", "href");
  await person.check("a case sheet, tried");
  await person.picture("case-sheet-tried.zh");
  // Somebody writes in the first case meanwhile.
  const other = await (await Person.arrive(world, "county")).logIn(link);
  await other.page.waitForSelector(".timeline");
  await other.page.click("text=记联系走访");
  await other.page.waitForSelector("#case-who");
  await choose(other, "case-way", "电话");
  await other.page.fill("#case-who", "祖母");
  await choose(other, "case-result", "未表态");
  await other.page.click("[role=dialog] .ant-btn-primary");
  await other.page.waitForSelector("[role=dialog]", { state: "detached" });
  await other.leave();
  await page.click(".buttons .ant-btn-primary");
  await page.waitForSelector(".sheet-rows .conflict");
  must((await textOf(person, ".sheet-rows .conflict")).includes("祖母"), "the other side is not shown");
  await person.check("a case sheet with a conflict");
  await person.picture("case-sheet.zh");
  for (const box of await page.locator(".sheet-rows .conflict input[type=checkbox]").all()) await box.check();
  await page.click(".buttons .ant-btn-primary");
  await page.waitForSelector(".sheet-rows .conflict", { state: "detached" });
  const left = page.waitForEvent("download");
  await page.click(".buttons .ant-btn-default >> nth=0");
  must((await left).suggestedFilename().startsWith("未录入_"), "the rows left have another name");
  await person.open(link);
  await page.waitForSelector(".timeline");
  const story = await textOf(person, ".timeline");
  must(story.includes("祖母") && story.includes("父亲"), "not both contacts stand in the case");
  await person.leave();
}

/** A ledger with its counts by township, and as a workbook that has its rows. */
async function ledgers(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  await person.open("/ledgers");
  await page.click('.subnav a[href="/ledgers/suspected"]');
  await page.waitForSelector(".list-table tr[data-row-key] a");
  const total = Number((await textOf(person, ".list-count")).replace(/[^0-9]/g, ""));
  await page.click("details.card summary");
  await page.waitForSelector("details.card[open] td.number");
  const counts = await page.locator("details.card[open] tbody tr td:nth-child(2)").allTextContents();
  const sum = counts.reduce((all, text) => all + Number(text.replace(/[^0-9]/g, "")), 0);
  must(sum === total, `${sum} counted by township, ${total} rows`);
  await person.check("a ledger with its counts");
  await person.picture("ledger-counts.zh");
  const name = await textOf(person, ".list-table tr[data-row-key] a");
  await page.click(".page-actions .ant-btn-primary");
  await page.fill("#reason", "报县政府");
  const file = await downloaded(person, () => page.click("[role=dialog] .ant-btn-primary"));
  must(file.name.startsWith("疑似辍学台账"), `the ledger is called ${file.name}`);
  must(file.text.includes(name), "the first of the list does not stand in the workbook");
  await person.leave();
}

/** From what schools lack to one of the schools, by its indicator. */
async function gapOfASchool(world) {
  const person = await Person.arrive(world, "county");
  const { page } = person;
  await person.logIn();
  await person.open("/standards?stage=primary");
  await page.waitForSelector(".list-table tr[data-row-key] a");
  const all = Number((await textOf(person, ".list-count")).replace(/[^0-9]/g, ""));
  const key = await page.getAttribute(".list-table tr[data-row-key]", "data-row-key");
  await person.open(`/standards?stage=primary&indicator=${key.split("/").pop()}`);
  await page.waitForSelector(".list-table tr[data-row-key] a");
  const some = Number((await textOf(person, ".list-count")).replace(/[^0-9]/g, ""));
  must(some > 0 && some < all, `${some} gaps of one indicator, ${all} of all`);
  await page.click("details.card summary");
  await page.waitForSelector("details.card[open] td.number");
  await person.check("gaps of schools");
  await page.focus(".list-table tr[data-row-key] a");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => window.location.pathname.startsWith("/schools/"));
  await person.leave();
}

/** From a number to its rows, and an article that says something else. */
async function figureAndArticle(world) {
  const person = await Person.arrive(world, "county");
  const { page } = person;
  await person.logIn();
  await person.open("/figures");
  await page.click('a[href^="/figures/enrolled_primary"]');
  await page.waitForSelector("dl.facts dd");
  const value = (await textOf(person, "dl.facts dd")).replace(/[^0-9]/g, "");
  must(Number(value) > 0, "no pupils are counted");
  await person.open("/figures/enrolled_primary?by=school&public=true");
  await page.waitForSelector("details.card[open] tbody td.number");
  await person.check("a figure by school, for the public");
  await person.open("/article");
  await page.fill("textarea", `全县小学在校学生${Number(value) + 7}人。`);
  await page.click(".page .ant-btn-primary");
  await page.waitForSelector(".mark-red");
  await person.check("an article's verdicts");
  must((await textOf(person, "table.plain tbody")).includes(value), "the right number is not told");
  await person.leave();
}

/** From a county's number on a board to its rows, a figure published, and the dossier taken. */
async function boardAndDossier(world) {
  const person = await Person.arrive(world, "county");
  const { page } = person;
  await person.logIn();
  await person.open("/kindergartens");
  await page.waitForSelector("table.plain td.number a");
  await page.click("table.plain tbody tr td.number a");
  await page.waitForFunction(() => window.location.search.includes("list="));
  await page.waitForSelector(".list-table tr[data-row-key]");
  await person.check("a board and the rows of one number");
  await person.open("/publications?figure=enrolled_primary");
  await page.click(".page .ant-btn-primary");
  await page.fill("#reason", "核对");
  await page.click(".ant-modal-footer .ant-btn-primary");
  await page.waitForSelector(".list-table tr[data-row-key]");
  await person.open("/leader");
  await page.click("button:has-text('迎检资料')");
  await page.fill("#reason", "督导检查");
  await page.click(".ant-modal-footer .ant-btn-primary");
  await page.waitForSelector(".ant-modal-footer .ant-btn-primary:not([disabled]):has-text('下载工作簿')");
  await person.check("a dossier that is made");
  const waiting = page.waitForEvent("download");
  await page.click(".ant-modal-footer .ant-btn-primary:has-text('下载工作簿')");
  must((await (await waiting).suggestedFilename()) === "迎检资料.xlsx", "the dossier has another name");
  must(readFileSync(await (await waiting).path()).subarray(0, 2).toString() === "PK", "the dossier is no workbook");
  await page.click(".ant-modal-footer button:has-text('关 闭'), .ant-modal-footer button:has-text('关闭')");
  await page.click("button:has-text('迎检资料进度')");
  await page.waitForSelector(".ant-modal-footer .ant-btn-primary:not([disabled]):has-text('下载工作簿')");
  await person.leave();
}

export async function testJobs(world, report, only) {
  const jobs = {
    firstLogIn,
    firstRead,
    administrators,
    importFiles,
    pagesOfImports,
    reviewByKeys,
    reviewClash,
    userClash,
    reviewTogether,
    missingToWorkbook,
    reveal,
    fourEyes,
    searchByKeys,
    languageAtAClick,
    skipLink,
    leaderColours,
    aidOfAChild,
    caseByKeys,
    factsByTheirNames,
    paperOfACase,
    filesOfACase,
    caseSheet,
    ledgers,
    figureAndArticle,
    gapOfASchool,
    placing,
    eligibility,
    boardAndDossier,
    undoImport,
    paymentByTwo,
  };
  const wanted = Object.keys(jobs).filter((name) => !only || name === only);
  for (const name of wanted) await report.test(`job ${name}`, () => jobs[name](world));
}
