// How long a clerk waits on a poor link (4 Mbit/s) with nothing kept: until the log-in can be typed into, and until
// the work queue stands there.
import { Person, must } from "./harness.mjs";

const LINK = {
  offline: false,
  latency: 20,
  downloadThroughput: (4 * 1000 * 1000) / 8,
  uploadThroughput: (1000 * 1000) / 8,
};
const PAINT_MS_MAX = 1500;

async function slow(person) {
  const link = await person.context.newCDPSession(person.page);
  await link.send("Network.enable");
  await link.send("Network.clearBrowserCache");
  await link.send("Network.setCacheDisabled", { cacheDisabled: true });
  await link.send("Network.emulateNetworkConditions", LINK);
}

/** Milliseconds from the start of the navigation until the selector is there, by the page's own clock. */
async function paint(person, path, selector) {
  await person.page.goto(person.world.base + path, { waitUntil: "commit" });
  await person.page.waitForSelector(selector);
  return person.page.evaluate(() => Math.round(performance.now()));
}

async function best(times, measure) {
  let shortest = Infinity;
  for (let i = 0; i < times; i++) shortest = Math.min(shortest, await measure());
  return shortest;
}

export async function testPaint(world, report) {
  await report.test("paint log-in at 4 Mbit/s", async () => {
    const person = await Person.arrive(world, "county");
    await slow(person);
    const ms = await best(3, () => paint(person, "/", "#user"));
    console.log(`     ${ms} ms`);
    must(ms < PAINT_MS_MAX, `the log-in is there after ${ms} ms`);
    await person.leave();
  });
  await report.test("paint work queue at 4 Mbit/s", async () => {
    const person = await (await Person.arrive(world, "county")).logIn();
    await slow(person);
    const ms = await best(3, () => paint(person, "/", ".shell h1"));
    const whole = await best(3, () => paint(person, "/", ".board .big"));
    console.log(`     ${ms} ms, with its numbers ${whole} ms`);
    must(ms < PAINT_MS_MAX, `the work queue is there after ${ms} ms`);
    await person.leave();
  });
}
