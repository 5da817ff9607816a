// Before the server has read the workspace for the first time: pages show no numbers that nobody counted.
import { Person, must } from "./harness.mjs";

const NOTHING = {
  snapshot: null,
  expected: 0,
  on_roll: 0,
  finished: 0,
  lawful: 0,
  reported_schooled: 0,
  not_enrolled: 0,
  findings: [],
  areas: [],
  reviews: 0,
  imports: { last_ms: null, rejected_open: 0 },
};

export async function firstRead(world) {
  const person = await Person.arrive(world, "county");
  const { page } = person;
  await page.route("**/api/summary*", (route) => route.fulfill({ json: NOTHING }));
  await person.logIn();
  for (const path of ["/", "/leader"]) {
    await person.open(path);
    const text = await page.textContent("main");
    must(text.includes("正在首次读取"), `${path}: says that the workspace is being read: ${text.slice(0, 200)}`);
    must((await page.$("main .balance")) === null, `${path}: shows numbers that nobody counted`);
    await person.check(`${path}, before the first snapshot`);
  }
  await page.unroute("**/api/summary*");
  await page.waitForSelector("main .balance", { timeout: 20000 });
  await person.leave();
}
