// Every page, in both languages and in the dark, at 1366×768, and on a phone: axe, no sideways scrolling, no complaint, a picture.
import { Person, must } from "./harness.mjs";

export const PAGES = {
  county: [
    ["queue", "/"],
    ["findings", "/findings"],
    ["cases", "/cases"],
    ["case", (world) => `/cases/${world.case}`],
    ["case-sheets", "/case-sheets"],
    ["ledgers", "/ledgers"],
    ["ledger-suspected", "/ledgers/suspected"],
    ["person", (world) => `/persons/${world.person}`],
    ["risk", "/risk"],
    ["reviews", "/reviews"],
    ["review", (world) => `/reviews/${world.pair}`],
    ["imports", "/imports"],
    ["import", "/imports/new"],
    ["aid", "/aid"],
    ["scheme", "/aid/day_subsidy"],
    ["policy", "/policy"],
    ["figures", "/figures"],
    ["figure", "/figures/children_out_of_school"],
    ["article", "/article"],
    ["publications", "/publications"],
    ["approvals", "/approvals"],
    ["payments", "/payments"],
    ["funds", "/funds"],
    ["rejects", (world) => `/imports/${world.batch}`],
    ["areas", "/leader"],
    ["schools", "/schools"],
    ["school", (world) => `/schools/${world.school}`],
    ["villages", "/villages"],
    ["standards", "/standards"],
    ["evenness", "/standards?set=basic"],
    ["placing", "/placing?by=institution"],
    ["eligible", "/placing/eligible"],
    ["eligible-units", "/placing/eligible/units"],
    ["conflicts", "/placing/eligible/conflicts"],
    ["applicant", (world) => `/placing/eligible/${world.applicant}`],
    ["runs", "/placing/runs"],
    ["why", "/placing/why"],
    ["duty", "/placing/duty"],
    ["requirements", "/requirements"],
    ["kindergartens", "/kindergartens"],
    ["teachers", "/teachers"],
    ["cooperation", "/cooperation"],
    ["registers", "/registers"],
    ["guide", "/guide"],
    ["account", "/account"],
    ["missing", "/no/such/page"],
  ],
  security: [["users", "/users"]],
  auditor: [["audit", "/audit"]],
  system: [["system", "/system"]],
};

// Colours are what differs in the dark: the pages that have all of them stand for the others.
const DARK = ["queue", "findings", "review", "areas", "imports", "registers"];

const LOOKS = [
  { lang: "zh", dark: false },
  { lang: "en", dark: false },
  { lang: "zh", dark: true },
  { lang: "en", phone: true },
];

export async function testPages(world, report) {
  for (const look of LOOKS) {
    const tag = `${look.lang}${look.dark ? ".dark" : ""}${look.phone ? ".phone" : ""}`;
    const stranger = await Person.arrive(world, "nobody", look);
    await report.test(`page login ${tag}`, async () => {
      await stranger.page.goto(`${world.base}/findings`);
      await stranger.page.waitForSelector("#user");
      await stranger.picture(`login.${tag}`);
      await stranger.check("login");
    });
    await stranger.leave();
    for (const name of look.dark ? ["county"] : Object.keys(PAGES)) {
      const person = await (await Person.arrive(world, name, look)).logIn();
      for (const [page, path] of PAGES[name].filter(([page]) => !look.dark || DARK.includes(page)))
        await report.test(`page ${page} ${tag}`, async () => {
          person.complaints.length = 0;
          await person.open(typeof path === "function" ? path(world) : path);
          await person.picture(`${page}.${tag}`);
          const refused = await person.page.$(".error-state, .ant-alert-error:not(.check)");
          must(refused === null, `${page}: ${refused && (await refused.textContent())}`);
          await person.check(page);
        });
      await person.leave();
    }
  }
}
