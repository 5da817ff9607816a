// Drives the console in Chromium: node tests/browser/run.mjs PROGRAM [NAME-PART [JOB]]
import { Report, Skip, openBrowser } from "./harness.mjs";
import { testJobs } from "./jobs.mjs";
import { testPages } from "./pages.mjs";
import { testPaint } from "./paint.mjs";
import { makeCity, startReal } from "./real.mjs";

const [program, only, job] = process.argv.slice(2);
const suites = { jobs: testJobs, pages: testPages, paint: testPaint };

const wanted = (name) => !only || name.includes(only);

async function main() {
  const browser = await openBrowser();
  const city = makeCity(program);
  const report = new Report();
  const worlds = {};
  try {
    // A world each for those that run side by side.
    for (const name of ["jobs", "pages"]) {
      if (name === "jobs" && !wanted(name)) continue;
      worlds[name] = await startReal(program, city);
      worlds[name].browser = browser;
    }
    // Jobs wait for the program most of the time, and pages for the browser: together they take half as long. How long
    // a page takes to paint is measured when nothing else runs.
    await Promise.all(["jobs", "pages"].filter(wanted).map((name) => suites[name](worlds[name], report, job)));
    if (wanted("paint")) await suites.paint(worlds.pages, report);
  } finally {
    await browser.close();
    for (const world of Object.values(worlds)) await world.stop();
    city.remove();
  }
  console.log(`${report.passed} passed, ${report.failed} failed`);
  return report.failed > 0 || report.passed === 0 ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Skip ? `skipped: ${error.message}` : error);
    process.exit(error instanceof Skip ? 77 : 1);
  },
);
