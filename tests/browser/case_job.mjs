// A child is found, the case opened, a visit written down and the case closed on proof, without touching the mouse.
import { Person, must } from "./harness.mjs";

const TABS_MAX = 80;

/** Presses Tab until `fits`, given what has the focus, is true. */
async function tabTo(page, what, fits, argument) {
  for (let i = 0; i < TABS_MAX; i++) {
    if (await page.evaluate(fits, argument)) return;
    await page.keyboard.press("Tab");
  }
  must(false, `${what} is not reached by Tab`);
}

const isField = (id) => document.activeElement.id === id;
const isAction = (word) =>
  document.activeElement.closest(".page-actions") !== null && document.activeElement.textContent.trim() === word;
const isWrite = () =>
  document.activeElement.closest("[role=dialog]") !== null && document.activeElement.classList.contains("ant-btn-primary");

async function choose(page, id, downs) {
  await tabTo(page, id, isField, id);
  await page.keyboard.press("ArrowDown");
  await page.waitForSelector(".ant-select-dropdown:not(.ant-select-dropdown-hidden)");
  for (let i = 0; i < downs; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".ant-select-dropdown:not(.ant-select-dropdown-hidden)", { state: "detached" }).catch(() => 0);
}

async function write(page, id, text) {
  await tabTo(page, id, isField, id);
  await page.keyboard.type(text);
}

async function act(person, word, fill) {
  const { page } = person;
  await tabTo(page, word, isAction, word.slice(0, 20));
  await page.keyboard.press("Enter");
  await page.waitForSelector("[role=dialog]");
  await page.waitForFunction(() => document.activeElement.closest("[role=dialog]") !== null);
  await fill();
  await tabTo(page, "the button that writes", isWrite);
  await page.keyboard.press("Enter");
  await page.waitForSelector("[role=dialog]", { state: "detached" });
  await person.settle();
}

export async function caseByKeys(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const { page } = person;
  const child = await page.evaluate(async () => {
    const response = await fetch("/api/cases?procedure=dropout&status=suspected&page_size=50");
    return (await response.json()).rows.reverse().find((row) => row.contacts === 0);
  });
  await person.open(`/persons/${child.person}`);
  await tabTo(page, "the case on the child's page", (to) => document.activeElement.getAttribute("href") === to,
    `/cases/${child.case}`);
  await page.keyboard.press("Enter");
  await page.waitForFunction((to) => window.location.pathname === to, `/cases/${child.case}`);
  await person.settle();
  await act(person, "记联系走访", async () => {
    await choose(page, "case-way", 0);
    await write(page, "case-who", "父亲");
    await write(page, "case-said", "已在外地上学");
    await choose(page, "case-result", 0);
  });
  must(/已在外地上学/.test(await page.textContent("main")), "the visit is in the story of the case");
  must(await page.evaluate(() => document.activeElement !== document.body), "the focus is not lost with the dialog");
  await act(person, "销号", async () => {
    await choose(page, "case-outcome", 2);
    await write(page, "case-evidence", "学籍截图");
  });
  must(/学籍截图/.test(await page.textContent("main")), "the case is closed on its proof");
  await person.check("a case closed by keys");
  await person.leave();
}

/** What registers call by other words is other things: neither one line of the child's page nor a contradiction. */
export async function factsByTheirNames(world) {
  const person = await (await Person.arrive(world, "county")).logIn();
  const child = await person.page.evaluate(async () => (await (await fetch("/api/risk?page_size=1")).json()).rows[0].person);
  await person.open(`/persons/${child}`);
  const names = await person.page.$$eval(".facts-table th[scope=rowgroup]", (cells) => cells.map((cell) => cell.textContent));
  const records = await person.page.evaluate(
    async (number) => (await (await fetch(`/api/persons/${number}`)).json()).records, child);
  const words = await person.page.evaluate(async () => (await (await fetch("/api/words")).json()).registers);
  for (const record of records.filter((record) => record.visible))
    for (const { field } of record.values) {
      const name = words.find((word) => word.key === record.register).fields.find((word) => word.key === field)?.zh;
      must(!name || names.some((shown) => shown.startsWith(name)), `${record.register}: ${name} is not among ${names}`);
    }
  await person.leave();
}
