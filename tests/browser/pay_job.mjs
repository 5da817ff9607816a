// Aid is paid by two people: proposed, approved, sent, answered, compared, recovered, tried again.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Person, must } from "./harness.mjs";
import { downloaded, textOf } from "./jobs.mjs";
import { startPaying } from "./real.mjs";

/** Fills the dialog that asks for a reason, and confirms it. */
async function giveReason(person, reason) {
  await person.page.fill("#reason", reason);
  await person.page.click(".ant-modal-footer .ant-btn-primary");
  await person.page.waitForSelector(".ant-modal-footer", { state: "detached" });
  await person.settle();
}

/** Leaves the page and comes back, so that it shows what another has done. */
async function reopen(person, path) {
  await person.open("/");
  await person.open(path);
}

/** The other one books what came back, or a return that never was, on the page at `path`. */
async function approveRecovery(person, path) {
  await reopen(person, path);
  await person.page.click(".recoveries .ant-btn-primary");
  await giveReason(person, "checked");
  must((await person.page.$(".recoveries")) === null, "nothing waits any more");
}

/** From the page of a person: what came back is proposed, and approved there; what was refused is tried again. */
async function fromThePerson(first, second) {
  const at = (row) => first.page.getAttribute(`tr[data-row-key="${row}"] a[href^="/persons/"]`, "href");
  const [refused, paid] = [await at(2), await at(3)];
  await first.open(paid);
  await first.page.click(".recover-payment");
  await first.page.fill("#recover-yuan", "100");
  await first.page.fill("#recover-voucher", "收-2");
  await giveReason(first, "核查后不符合条件");
  must(/收回 100.00 待审批/.test(await textOf(first, ".page")), "it waits, on the person's page too");
  must((await first.page.$(".recoveries .ant-btn-primary")) === null, "whoever proposed cannot approve");
  await first.picture("person.recover.zh");
  await first.check("a person's payment, recovered");
  await approveRecovery(second, paid);
  await second.picture("person.recovered.en");
  await reopen(first, paid);
  must(/已收回 100.00/.test(await textOf(first, ".page")), "what came back stands on the person's page");
  await first.open(refused);
  must((await first.page.$(".recover-payment")) === null, "nothing was paid that could come back");
  await first.page.click(".retry-payment");
  await first.page.click(".dialog-actions button:first-child");
  await first.page.waitForSelector(".pay-result");
  await first.page.click(".dialog-actions .ant-btn-primary");
  await first.page.waitForSelector(".pay-result .ant-alert-success");
  await first.page.click(".dialog-actions .ant-btn-primary");
  await first.settle();
  must((await first.page.$(".retry-payment")) === null, "an attempt that is under way is not tried again");
}

/** Proposed by one, approved by another, sent, answered, compared, a false return taken back, recovered, tried again. */
export async function paymentByTwo(world) {
  const paying = await startPaying(world);
  try {
    const first = await (await Person.arrive(paying, "county")).logIn();
    const second = await (await Person.arrive(paying, "colleague", { lang: "en" })).logIn();
    await first.open("/payments");
    await first.page.click(".page-actions .ant-btn-primary");
    await first.page.click(".dialog-actions button:first-child");
    await first.page.waitForSelector(".pay-result");
    await first.page.click(".pay-result summary");
    must(/可列入 3 笔、1,500.00 元/.test(await textOf(first, ".pay-result")), "what the trial says");
    must(/郭城小学/.test(await textOf(first, ".pay-result details")), "by school");
    await first.picture("propose.zh");
    await first.check("a trial");
    await first.page.click(".dialog-actions .ant-btn-primary");
    await first.page.waitForSelector(".pay-result .ant-alert-success");
    await first.page.click(".dialog-actions .ant-btn-primary");
    await first.settle();
    must((await first.page.$$(".list-table .row-actions .ant-btn-primary")).length === 0, "no second pair of eyes");
    await second.open("/payments");
    await second.page.click(".list-table .row-actions .ant-btn-primary");
    await giveReason(second, "checked");
    const file = await downloaded(second, () => second.page.click(".list-table .row-actions .ant-btn-sm >> nth=0"));
    must(file.name.endsWith(".csv"), `the bank's file is called ${file.name}`);
    const answer = join(paying.folder, "answer.csv");
    const lines = ["P1-1,成功,500.00,,N1,2020-12-01", "P1-2,失败,,账户已挂失,,2020-12-01", "P1-3,成功,500.00,,N3,2020-12-01"];
    writeFileSync(answer, ["业务编号,处理结果,金额,失败原因,银行流水,交易日期", ...lines, ""].join("\n"));
    await second.page.setInputFiles(".take-file input >> nth=0", answer);
    await second.page.waitForSelector(".take-file .ant-alert-success");
    const late = join(paying.folder, "late.csv");
    writeFileSync(late, "业务编号,处理结果,金额,失败原因,银行流水,交易日期\nP1-3,失败,,户名不符,N2,2020-12-01\n");
    await second.page.setInputFiles(".take-file input >> nth=0", late);
    await second.settle();
    const statement = join(paying.folder, "statement.csv");
    writeFileSync(
      statement,
      "交易日期,交易流水号,摘要,借方发生额,贷方发生额,余额\n2020-09-15,central,,,5000.00,5000.00\n" +
        "2020-09-15,county,,,5000.00,10000.00\n2020-12-01,N1,P1-1,500.00,,9500.00\n2020-12-01,N3,P1-3,500.00,,9000.00\n",
    );
    await second.page.setInputFiles(".take-file input >> nth=1", statement);
    await second.page.waitForSelector(".take-file:nth-child(2) .ant-alert-success");
    await second.settle();
    must((await second.page.$(".section .mark-green")) === null, "a return that the statement does not have");
    await second.picture("payments.missing.en");
    await second.page.click(".section table.plain button");
    await giveReason(second, "not on the statement");
    must((await second.page.$(".section .mark-green")) === null, "it waits for another");
    must((await second.page.$(".recoveries .ant-btn-primary")) === null, "whoever proposed it cannot take it back");
    await second.picture("payments.taking_back.en");
    await approveRecovery(first, "/payments");
    await reopen(second, "/payments");
    must((await second.page.$(".section .mark-green")) !== null, "orders, answers and statement agree");
    await second.picture("payments.paid.en");
    await second.check("payments");
    await first.open("/");
    await first.open("/payments");
    await first.picture("payments.paid.zh");
    await first.page.click('tr[data-row-key="1"] .row-actions a');
    await first.page.waitForSelector(".list-table tr[data-row-key] >> nth=2");
    must(!/6228480000000000011|王小明/.test(await textOf(first, ".list-table")), "payees are masked");
    await first.page.click('tr[data-row-key="1"] .row-actions button >> nth=0');
    await giveReason(first, "与银行核对账户");
    must(/6228480000000000011/.test(await textOf(first, 'tr[data-row-key="1"]')), "shown after a reason");
    await first.page.click('tr[data-row-key="1"] .row-actions button >> nth=0');
    await first.page.fill("#recover-yuan", "600");
    await first.page.fill("#recover-voucher", "收-1");
    await first.page.fill("#reason", "学期中转出");
    await first.page.click(".ant-modal-footer .ant-btn-primary");
    await first.page.waitForSelector(".ant-modal .ant-alert-error");
    await first.page.fill("#recover-yuan", "200");
    await giveReason(first, "学期中转出");
    must(/收回 200.00 待审批/.test(await textOf(first, 'tr[data-row-key="1"]')), "what came back waits for another");
    await approveRecovery(second, "/payments");
    await reopen(first, "/payments/1");
    must(/已收回 200.00/.test(await textOf(first, 'tr[data-row-key="1"]')), "what came back");
    await first.picture("payment_lines.zh");
    await first.check("payments of a batch");
    await first.page.click('tr[data-row-key="2"] .row-actions .retry-payment');
    await first.page.click(".dialog-actions button:first-child");
    await first.page.waitForSelector(".pay-result");
    await first.page.click(".ant-modal-close");
    await first.page.waitForSelector(".pay-result", { state: "detached" });
    await fromThePerson(first, second);
    await second.open("/payments/3");
    await second.picture("payment_lines.en");
    must(/attempt 2/.test(await textOf(second, ".list-table")), "the second attempt");
    await second.open("/funds");
    must(/379,999.50/.test(await textOf(second, ".page")), "what is left of the project");
    await second.picture("funds.projects.en");
    await second.check("funds");
    await first.leave();
    await second.leave();
  } finally {
    await paying.stop();
  }
}
