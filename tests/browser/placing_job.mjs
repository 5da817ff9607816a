// The job of placing: a run is kept from its files, its report read, a family answered, teachers of a duty opened.
import { Person, must } from "./harness.mjs";

const FILES = {
  "规则.yaml":
    'ties: [tie1]\nbatches:\n  - {key: main, mode: parallel, choices_max: 3, majors_max: 2, ratio: "1.05"}\n',
  "计划.csv": "batch,plan,group,programme,quota,track,county\nmain,general,101,01,1,,\nmain,poverty,102,01,1,,\n",
  "考生.csv": "applicant,track,county,total,tie1,plans\n20001,,,600,120,\n20002,,,590,110,\n20003,,,500,110,poverty\n",
  "志愿.csv":
    "applicant,batch,rank,group,majors,adjust\n20001,main,1,101,01,no\n20002,main,1,101,01,no\n20003,main,1,102,01,no\n",
};

const files = (of = FILES) =>
  Object.keys(of).map((name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(of[name], "utf-8") }));

async function keep(person) {
  const { page } = person;
  await person.open("/placing/runs");
  await page.click("details.card summary");
  await page.fill("#run-name", "模拟投档");
  await page.setInputFiles("input[type=file]", files().slice(1));
  await page.click("details.card .ant-btn-primary");
  await page.waitForSelector("details.card .ant-alert-error");
  must((await page.textContent("details.card .ant-alert-error")).includes("yaml"), "the missing rules are not told");
  await page.setInputFiles("input[type=file]", files());
  await page.click("details.card .ant-btn-primary");
  await page.waitForSelector("details.card .ant-alert-success");
  await page.waitForSelector(".list-table tr[data-row-key] .mark-green");
  await person.check("kept runs");
  await person.picture("placing-runs.zh");
}

async function answerFamily(person) {
  const { page } = person;
  await page.click(".list-table tr[data-row-key] a[href^='/placing/why']");
  await page.waitForSelector("#why-applicant");
  await page.fill("#why-applicant", "29999");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".ant-alert-error");
  await page.fill("#why-applicant", "20002");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".receipt");
  const said = await page.textContent("main");
  must(said.includes("总分再高 11 分"), "what would have changed it is not said");
  must(!said.includes("20001"), "another applicant's number is shown");
  await person.check("why not me");
  await person.picture("placing-why.zh");
  const waiting = page.waitForEvent("download");
  await page.click("button:has-text('给家长的信（PDF）')");
  must((await waiting).suggestedFilename() === "录取结果说明_20002.pdf", "the letter has another name");
  await page.fill("#receipt", await page.textContent(".receipt"));
  await page.keyboard.press("Enter");
  await page.waitForSelector(".ant-alert-success[role=status], [role=status] .ant-alert-success, .ant-alert-success");
  await page.fill("#receipt", "0".repeat(64));
  await page.keyboard.press("Enter");
  await page.waitForSelector(".ant-alert-warning");
}

async function reportAndRemove(person) {
  const { page } = person;
  await person.open("/placing/runs");
  await page.click(".list-table tr[data-row-key] a[href^='/placing/runs/']");
  await page.waitForSelector(".page-actions .ant-btn-dangerous");
  await page.waitForFunction(() => document.querySelectorAll(".list-table tr[data-row-key]").length > 1);
  await person.check("plans against results");
  await person.picture("placing-report.zh");
  await page.click(".page-actions .ant-btn-dangerous");
  await page.click("[role=dialog] .ant-btn-dangerous");
  await page.waitForFunction(() => window.location.pathname === "/placing/runs");
  await page.waitForSelector(".empty");
}

const ALLOTTED = {
  "规则.yaml":
    'batches:\n  - {key: general, mode: parallel, choices_max: 2, majors_max: 0, ratio: "1"}\n' +
    '  - {key: allotted, of: general, mode: parallel, choices_max: 1, majors_max: 0, ratio: "1", allot: {least: "0.5", below: 100}}\n',
  "计划.csv": "batch,plan,group,programme,quota,track,county\ngeneral,general,101,01,3,,\n",
  "考生.csv": "applicant,track,county,total,plans,source\n20001,,,600,,一初\n20002,,,590,,二初\n20003,,,580,,二初\n",
  "志愿.csv":
    "applicant,batch,rank,group,majors,adjust\n20001,general,1,101,,yes\n20002,allotted,1,101,,yes\n20003,allotted,1,101,,yes\n",
  "名额.csv": "batch,group,source,seats\nallotted,101,一初,1\nallotted,101,二初,1\n",
};

/** Seats given to junior schools: the table is kept with the others, reported by school, and explained. */
async function seatsOfJuniorSchools(person) {
  const { page } = person;
  await person.open("/placing/runs");
  await page.click("details.card summary");
  await page.fill("#run-name", "指标到校");
  await page.setInputFiles("input[type=file]", files(ALLOTTED));
  await page.click("details.card .ant-btn-primary");
  await page.waitForSelector("details.card .ant-alert-success");
  await page.click(".list-table tr[data-row-key] a[href^='/placing/runs/']");
  await page.waitForSelector(".page-actions .ant-btn-dangerous");
  await page.goto(`${page.url()}?by=source`);
  await page.waitForSelector("tr[data-row-key$='二初']");
  must((await page.textContent("tr[data-row-key$='一初']")).includes("一初"), "a junior school is not listed");
  await person.check("seats of junior schools");
  await person.picture("placing-sources.zh");
  await page.click("a[href^='/placing/why']");
  await page.fill("#why-applicant", "20003");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".receipt");
  must((await page.textContent("main")).includes("分给所在初中的名额多一个"), "one seat more is not tried");
  await person.check("why not, of a junior school");
}

async function teachersOfADuty(person) {
  const { page } = person;
  await person.open("/placing/duty");
  await page.waitForSelector("table.plain td.number a");
  const n = Number((await page.textContent("table.plain td.number a")).replace(/[^0-9]/g, ""));
  await page.click("table.plain td.number a");
  await page.waitForFunction(() => window.location.search.includes("state="));
  await page.waitForFunction(
    (wanted) => Number(document.querySelector(".list-count")?.textContent.replace(/[^0-9]/g, "")) === wanted,
    n,
  );
  await person.check("teachers of a duty");
}

export async function placing(world) {
  const person = await Person.arrive(world, "county");
  await person.logIn();
  await keep(person);
  await answerFamily(person);
  await reportAndRemove(person);
  await seatsOfJuniorSchools(person);
  await teachersOfADuty(person);
  await person.leave();
}
