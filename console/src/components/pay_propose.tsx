// A batch is proposed: what for, a trial that keeps nothing, and the batch itself for a second person's approval.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import Checkbox from "antd/es/checkbox";
import Select from "antd/es/select";
import { useEffect, useState } from "react";
import { call } from "../api/client";
import type { PayChoice, Proposed } from "../api/pay";
import type { Rows } from "../api/types";
import { changed, useAction, useApi } from "../api/use_api";
import { useTask } from "../api/use_task";
import { count, periodName, yuan } from "../frame/format";
import { useWords } from "../words/words";
import { useAreaChoices } from "./areas";
import { Dialog } from "./dialog";
import { ActionError, Empty, Ready } from "./states";
import { TaskProgress } from "./task_progress";

/** What is to be proposed; the route takes it as it is. */
export interface PayWish {
  scheme: string;
  at: string;
  fund?: string;
  area?: string;
  person?: number;
  retry: boolean;
}

function Outcomes({ proposed }: { proposed: Proposed }) {
  const { t, pick } = useWords();
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("pay.outcome")}</th>
          <th scope="col" className="number">
            {t("pay.persons")}
          </th>
          <th scope="col" className="number">
            {t("pay.amount")}
          </th>
        </tr>
      </thead>
      <tbody>
        {proposed.outcomes.map((row) => (
          <tr key={row.outcome.key}>
            <th scope="row">{pick(row.outcome)}</th>
            <td className="number">{count(row.lines)}</td>
            <td className="number">{yuan(row.fen)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Levels({ proposed }: { proposed: Proposed }) {
  const { t, pick } = useWords();
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("funds.level")}</th>
          <th scope="col" className="number">
            {t("pay.takes")}
          </th>
          <th scope="col" className="number">
            {t("pay.left_after")}
          </th>
        </tr>
      </thead>
      <tbody>
        {proposed.levels.map((row) => (
          <tr key={row.level.key}>
            <th scope="row">{pick(row.level)}</th>
            <td className="number">{yuan(row.takes_fen)}</td>
            <td className="number">{yuan(row.left_fen)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Places({ proposed }: { proposed: Proposed }) {
  const { t } = useWords();
  return (
    <details>
      <summary>{t("pay.by_place")}</summary>
      <div className="scroll pay-places" tabIndex={0} role="region" aria-label={t("pay.by_place")}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("pay.place")}</th>
              {[t("pay.lines_of"), t("pay.amount"), t("pay.held")].map((title) => (
                <th key={title} scope="col" className="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {proposed.places.map((row, i) => (
              <tr key={i}>
                <th scope="row">{row.school === "" ? row.area_name || row.area : row.school}</th>
                <td className="number">{count(row.lines)}</td>
                <td className="number">{yuan(row.fen)}</td>
                <td className="number">{count(row.held)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Result({ proposed }: { proposed: Proposed }) {
  const { t } = useWords();
  const said = proposed.dry
    ? t("pay.trial", {
        due: count(proposed.due_lines),
        due_yuan: yuan(proposed.due_fen),
        n: count(proposed.lines),
        yuan: yuan(proposed.fen),
      })
    : proposed.batch === 0
      ? t("pay.nothing")
      : t("pay.proposed_text", { batch: proposed.batch, n: count(proposed.lines), yuan: yuan(proposed.fen) });
  return (
    <div className="pay-result">
      <Alert type={proposed.dry || proposed.batch === 0 ? "info" : "success"} showIcon role="status" message={said} />
      {proposed.asked_again > 0 && <p>{t("pay.asked_again", { n: proposed.asked_again })}</p>}
      <Outcomes proposed={proposed} />
      <Levels proposed={proposed} />
      <Places proposed={proposed} />
    </div>
  );
}

/** Trial and proposal of one wish; a wish that changes forgets the trial. */
function Trial({ wish, done }: { wish: PayWish | undefined; done: () => void }) {
  const { t } = useWords();
  const [started, setStarted] = useState<{ task: string; wish: string }>();
  const asked = JSON.stringify(wish);
  const mine = started?.wish === asked ? started.task : null;
  const { task, error } = useTask<Proposed>(mine);
  const run = useAction(async (dry: boolean) => {
    const { task: number } = await call<{ task: number }>("POST", "/api/pay/proposals", { ...wish, dry });
    setStarted({ task: String(number), wish: asked });
  });
  const result = task?.state === "done" ? task.result : undefined;
  const made = result && !result.dry;
  useEffect(() => {
    if (made) changed();
  }, [made]);
  const running = mine !== null && !result && !error && task?.state !== "failed";
  return (
    <>
      {mine !== null && !result && <TaskProgress task={task} error={error} />}
      {result && <Result proposed={result} />}
      <ActionError error={run.error} />
      <div className="dialog-actions">
        {made ? (
          <Button type="primary" onClick={done}>
            {t("common.close")}
          </Button>
        ) : (
          <>
            <Button disabled={!wish} loading={run.busy || running} onClick={() => void run.run(true)}>
              {t("pay.propose_try")}
            </Button>
            <Button
              type="primary"
              disabled={!result || result.lines === 0 || running}
              onClick={() => void run.run(false)}
            >
              {t("pay.propose_go")}
            </Button>
          </>
        )}
      </div>
    </>
  );
}

function Choose({ choices, done }: { choices: PayChoice[]; done: () => void }) {
  const { t, pick } = useWords();
  const ready = choices.filter((row) => row.periods.length > 0 && row.funds.length > 0);
  const [scheme, setScheme] = useState(ready[0]?.scheme.key ?? "");
  const [at, setAt] = useState("");
  const [fund, setFund] = useState("");
  const [area, setArea] = useState("");
  const areas = useAreaChoices();
  const [retry, setRetry] = useState(false);
  const chosen = ready.find((row) => row.scheme.key === scheme);
  if (!chosen) return <Empty>{t("pay.propose_none")}</Empty>;
  const day = chosen.periods.some((row) => row.at === at) ? at : chosen.periods[0].at;
  const key = chosen.funds.some((row) => row.fund === fund) ? fund : chosen.funds[0].fund;
  const wish: PayWish = { scheme, at: day, fund: key, retry, ...(area !== "" && { area }) };
  return (
    <>
      <label className="field-label" htmlFor="pay-scheme">
        {t("pay.propose_scheme")}
      </label>
      <Select
        id="pay-scheme"
        style={{ width: "100%" }}
        value={scheme}
        onChange={setScheme}
        options={ready.map((row) => ({ value: row.scheme.key, label: pick(row.scheme) }))}
      />
      <label className="field-label" htmlFor="pay-period">
        {t("pay.propose_period")}
      </label>
      <Select
        id="pay-period"
        style={{ width: "100%" }}
        value={day}
        onChange={setAt}
        options={chosen.periods.map((row) => ({ value: row.at, label: `${periodName(row.period, t)} (${row.at})` }))}
      />
      <p className="help">{t("pay.propose_instalment")}</p>
      <label className="field-label" htmlFor="pay-fund">
        {t("pay.propose_fund")}
      </label>
      <Select
        id="pay-fund"
        style={{ width: "100%" }}
        value={key}
        onChange={setFund}
        options={chosen.funds.map((row) => ({ value: row.fund, label: row.name }))}
      />
      <label className="field-label" htmlFor="pay-area">
        {t("pay.propose_area")}
      </label>
      <Select
        id="pay-area"
        style={{ width: "100%" }}
        value={area}
        showSearch
        optionFilterProp="label"
        onChange={setArea}
        options={areas}
      />
      <p>
        <Checkbox checked={retry} onChange={(event) => setRetry(event.target.checked)}>
          {t("pay.propose_retry")}
        </Checkbox>
      </p>
      <Trial wish={wish} done={done} />
    </>
  );
}

/** The dialog in which a batch is chosen and proposed. */
export function ProposeDialog({ done }: { done: () => void }) {
  const { t } = useWords();
  const choices = useApi<Rows<PayChoice>>("/api/pay/choices");
  return (
    <Dialog title={t("pay.propose")} width={720} footer={null} onCancel={done} maskClosable={false}>
      <Ready answer={choices}>{({ rows }) => <Choose choices={rows} done={done} />}</Ready>
    </Dialog>
  );
}

/** The dialog in which what the bank refused is proposed once more. */
export function RetryDialog({ title, wish, done }: { title: string; wish: PayWish; done: () => void }) {
  return (
    <Dialog title={title} width={720} footer={null} onCancel={done} maskClosable={false}>
      <Trial wish={wish} done={done} />
    </Dialog>
  );
}
