// The job of eligibility: counts lead to applicants, an applicant's evidence, a number revealed, files for the desk
// and for the public.
import { execFileSync } from "node:child_process";
import { Person, must } from "./harness.mjs";

const READ_WORKBOOK =
  "import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);" +
  "[print(z.read(n).decode()) for n in z.namelist() if n.startswith('xl/') and n.endswith('.xml')]";

const numberOf = (text) => Number((text ?? "").replace(/[^0-9]/g, ""));

async function total(page) {
  return numberOf(await page.textContent(".list-count"));
}

/** A number of the table opens just as many applicants. */
async function fromCountToList(person) {
  const { page } = person;
  await page.waitForSelector("table.plain td.number a");
  const links = await page.$$("table.plain td.number a");
  const link = links[links.length - 1];
  const n = numberOf(await link.textContent());
  await link.click();
  await page.waitForFunction(() => window.location.search.includes("asked=true"));
  await page.waitForFunction(
    (wanted) => Number(document.querySelector(".list-count")?.textContent.replace(/[^0-9]/g, "")) === wanted,
    n,
  );
  await person.check("applicants of a count");
}

/** The list by keys, the conditions with their rows, and what is missing. */
async function evidence(person) {
  const { page } = person;
  await person.open("/placing/eligible?verdict=unknown&asked=true");
  await page.waitForSelector(".list-table tr[data-row-key]");
  await page.keyboard.press("j");
  const name = await page.evaluate(() => document.activeElement?.textContent);
  await page.keyboard.press("Enter");
  await page.waitForSelector("details.card[open] .reasons");
  must((await page.textContent("h1")).includes(name), "another applicant was opened");
  const said = await page.textContent("main");
  must(said.includes("需补充：") && said.includes("掌握"), "it is not said what is missing and who has it");
  const row = await page.textContent("details.card[open] .said-by li");
  must(/第 \d+ 行/.test(row) && /自 \d{4}-\d{2}-\d{2} 起/.test(row), `a fact without its row and day: ${row}`);
  await person.check("an applicant");
  await person.picture("placing-applicant.zh");
  return name;
}

async function revealNumber(person) {
  const { page } = person;
  must(/\*{4}/.test(await page.textContent(".facts")), "the ID number is not masked");
  await page.click(".page-actions button >> nth=0");
  await page.waitForSelector("[role=dialog] #reason");
  await page.click("[role=dialog] .ant-btn-primary");
  await page.waitForSelector("[role=dialog] .help.error");
  await page.fill("#reason", "资格审查");
  await page.click("[role=dialog] .ant-btn-primary");
  await page.waitForSelector(".revealed");
  must(/\d{17}[\dX]/.test(await page.textContent(".revealed")), "the whole number is not shown");
}

async function findByName(person, name) {
  const { page } = person;
  await person.open("/placing/eligible");
  await page.fill("#find-applicant", name);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".find [role=status]");
  must((await page.textContent(".find ul")).includes(name), "the applicant is not found");
  must(!page.url().includes(encodeURIComponent(name)), "the name stands in the address");
}

async function takeFile(page, button) {
  await page.click(`.page-actions button:has-text('${button}')`);
  await page.waitForSelector("[role=dialog] #reason");
  await page.fill("#reason", "公示");
  const waiting = page.waitForEvent("download");
  await page.click("[role=dialog] .ant-btn-primary");
  const file = await waiting;
  await page.waitForSelector("[role=dialog] #reason", { state: "detached" });
  return {
    name: file.suggestedFilename(),
    text: execFileSync("python3", ["-c", READ_WORKBOOK, await file.path()], { encoding: "utf-8", maxBuffer: 1 << 28 }),
  };
}

async function files(person) {
  const { page } = person;
  const told = await takeFile(page, "公示名单");
  must(told.name === "专项计划资格公示_2020.xlsx", `the list for the public is called ${told.name}`);
  must(told.text.includes("专项") && !told.text.includes("考生号"), "the public is told more than it may be");
  must(!told.text.includes("精准扶贫"), "the public is told who is poor");
  await person.open("/placing/eligible?asked=true");
  await page.waitForSelector(".list-table tr[data-row-key]");
  const sheet = await takeFile(page, "导出资格审查表");
  for (const word of ["结论", "待补证", "公安派出所", "按县区", "矛盾"])
    must(sheet.text.includes(word), `the workbook has no ${word}`);
  must(!/>\d{17}[\dX]</.test(sheet.text), "the workbook has whole ID numbers");
}

async function unitsAndConflicts(person) {
  const { page } = person;
  await person.open("/placing/eligible/units?by=school");
  await page.waitForSelector(".list-table tr[data-row-key] a");
  await page.click(".list-table tr[data-row-key] a");
  await page.waitForFunction(() => window.location.search.includes("school="));
  await person.settle();
  must((await total(page)) > 0, "the school's number opens nobody");
  await person.open("/placing/eligible");
  await page.click("nav a[href^='/placing/eligible/conflicts']");
  await page.waitForFunction(() => window.location.pathname === "/placing/eligible/conflicts");
  await person.settle();
  await person.check("conflicts");
}

export async function eligibility(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  await person.open("/placing/eligible");
  await person.picture("placing-eligible.zh");
  await fromCountToList(person);
  const name = await evidence(person);
  await revealNumber(person);
  await findByName(person, name);
  await files(person);
  await unitsAndConflicts(person);
  await person.leave();
}
