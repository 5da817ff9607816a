// The made-up server of console/mock as the world of the tests; used while pages are written.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./harness.mjs";

export async function startMock() {
  const child = spawn(process.execPath, [join(ROOT, "console/mock/server.mjs"), "0", join(ROOT, "console/dist")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise((resolve) =>
    child.stdout.on("data", (text) => resolve(/listening (\d+)/.exec(String(text))[1])),
  );
  const names = [
    "school",
    "township",
    "county",
    "city",
    "finance",
    "auditor",
    "security",
    "system",
    "new",
    "colleague",
  ];
  return {
    base: `http://127.0.0.1:${port}`,
    newcomer: "new",
    day: "2020-09-15",
    files: ["会宁县户籍人口.xlsx", "学籍.xls"].map((name) => ({
      name,
      mimeType: "application/octet-stream",
      buffer: Buffer.from("rows"),
    })),
    person: 2,
    pair: 1,
    batch: 1,
    school: "6204220001",
    passwords: Object.fromEntries(names.map((name) => [name, "correct horse battery"])),
    stop: () => child.kill(),
  };
}
