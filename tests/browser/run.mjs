// Drives the console in Chromium: node tests/browser/run.mjs PROGRAM [NAME-PART]
import { Report, Skip, openBrowser } from "./harness.mjs";
import { testJobs } from "./jobs.mjs";
import { testPages } from "./pages.mjs";
import { testPaint } from "./paint.mjs";
import { startReal } from "./real.mjs";

const [program, only] = process.argv.slice(2);
const suites = { jobs: testJobs, pages: testPages, paint: testPaint };

async function main() {
  const browser = await openBrowser();
  const world = await startReal(program);
  world.browser = browser;
  const report = new Report();
  try {
    for (const name of Object.keys(suites)) if (!only || name.includes(only)) await suites[name](world, report);
  } finally {
    await browser.close();
    await world.stop();
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
