// Paying aid: batches with four eyes, the bank's file and its answers, and orders, answers and statement compared.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import Checkbox from "antd/es/checkbox";
import Input from "antd/es/input";
import Radio from "antd/es/radio";
import { useRef, useState } from "react";
import { call, download } from "../api/client";
import type { BankAnswerTaken, PayBatch, Reconciled, ReconcileItem, StatementTaken } from "../api/pay";
import { changed, useAction, useApi } from "../api/use_api";
import { DecideDialog } from "../components/decide_dialog";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Mark, type Colour } from "../components/mark";
import { Section } from "../components/page";
import { ProposeDialog } from "../components/pay_propose";
import { ReasonDialog } from "../components/reason_dialog";
import { RecoveriesSection, useWaitingRecoveries } from "../components/recoveries";
import { ReinstatementsSection, useWaitingReinstatements } from "../components/reinstatements";
import { ActionError, Ready } from "../components/states";
import { count, moment, periodName, yuan } from "../frame/format";
import { Link } from "../frame/router";
import { useWords } from "../words/words";

const NO_FILTERS: Filter[] = [];
const ACCEPTED = ".xlsx,.xls,.csv,.txt,.tsv";

const STEPS: Record<string, Colour> = {
  proposed: "gold",
  approved: "blue",
  exported: "purple",
  refused: "red",
  void: "grey",
};

interface TakeProps {
  path: string;
  label: string;
  say: (taken: unknown) => string;
}

/** A button and a place to drop a file of the bank's; says what became of it. */
function TakeFile({ path, label, say }: TakeProps) {
  const [said, setSaid] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const take = useAction(async (file: File) => {
    setSaid("");
    const form = new FormData();
    form.append("file", file, file.name);
    setSaid(say(await call<unknown>("POST", path, form)));
    changed();
  });
  const first = (files: FileList | null) => {
    if (files && files.length > 0) void take.run(files[0]);
  };
  return (
    <div
      className="take-file"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        first(event.dataTransfer.files);
      }}
    >
      <Button loading={take.busy} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        className="hidden"
        aria-label={label}
        onChange={(event) => {
          first(event.target.files);
          event.target.value = "";
        }}
      />
      {said !== "" && <Alert type="success" showIcon message={said} role="status" />}
      <ActionError error={take.error} />
    </div>
  );
}

function BankFiles() {
  const { t, pick } = useWords();
  const answer = (taken: unknown) => {
    const { unchanged, late, outcomes } = taken as BankAnswerTaken;
    if (unchanged) return t("pay.answer_same");
    const said = outcomes.map((row) => `${pick(row.outcome)} ${count(row.count)} · ${yuan(row.fen)}`);
    if (late > 0) said.push(t("pay.answer_late", { n: late }));
    return said.join(t("list.comma"));
  };
  const statement = (taken: unknown) => {
    const { lines, fresh } = taken as StatementTaken;
    return t("pay.statement_taken", { n: lines, fresh });
  };
  return (
    <div className="bank-files">
      <TakeFile path="/api/pay/answers" label={t("pay.drop_answer")} say={answer} />
      <TakeFile path="/api/pay/statements" label={t("pay.drop_statement")} say={statement} />
    </div>
  );
}

const HOWS = ["returned", "accepted", "noted"] as const;

function Explain({ item, done }: { item: ReconcileItem; done: () => void }) {
  const { t } = useWords();
  const [how, setHow] = useState<(typeof HOWS)[number]>("returned");
  const [serial, setSerial] = useState("");
  const explain = useAction(async (why: string) => {
    const body = how === "returned" ? { how, why, serial } : { how, why };
    await call("POST", `/api/pay/suspense/${item.name}/explanation`, body);
    done();
    changed();
  });
  const options = [
    { value: "returned", label: t("pay.explain_returned") },
    { value: "accepted", label: t("pay.explain_accepted") },
    { value: "noted", label: t("pay.explain_noted") },
  ];
  return (
    <ReasonDialog
      open
      title={t("pay.explain_title", { n: item.name })}
      phrases={[t("pay.phrase_bank")]}
      confirm={t("pay.explain")}
      busy={explain.busy}
      error={explain.error}
      onCancel={done}
      onConfirm={(why) => void explain.run(why)}
    >
      <Radio.Group
        value={how}
        aria-label={t("pay.explain")}
        onChange={(event) => setHow(event.target.value as (typeof HOWS)[number])}
        options={options}
      />
      {how === "returned" && (
        <>
          <label className="field-label" htmlFor="serial">
            {t("pay.explain_serial")}
          </label>
          <Input id="serial" value={serial} onChange={(event) => setSerial(event.target.value)} />
        </>
      )}
    </ReasonDialog>
  );
}

/** A return that the statement does not have never was: a second person decides. */
function Reinstate({ item, done }: { item: ReconcileItem; done: () => void }) {
  const { t } = useWords();
  const reinstate = useAction(async (why: string) => {
    await call("POST", `/api/pay/payments/${item.payment}/reinstatement`, { why });
    done();
    changed();
  });
  return (
    <ReasonDialog
      open
      title={t("pay.reinstate_title", { n: item.payment })}
      phrases={[t("pay.phrase_not_stated"), t("pay.phrase_bank")]}
      confirm={t("pay.reinstate_go")}
      busy={reinstate.busy}
      error={reinstate.error}
      onCancel={done}
      onConfirm={(why) => void reinstate.run(why)}
    >
      <p>{t("pay.reinstate_text", { yuan: yuan(-item.ours_fen) })}</p>
    </ReasonDialog>
  );
}

function Differences({ reconciled, waiting }: { reconciled: Reconciled; waiting: number[] }) {
  const { t, pick } = useWords();
  const [explaining, setExplaining] = useState<ReconcileItem>();
  const [reinstating, setReinstating] = useState<ReconcileItem>();
  return (
    <>
      <p>
        <Mark colour={reconciled.clean ? "green" : "gold"}>
          {t(reconciled.clean ? "pay.compare_clean" : "pay.compare_differs")}
        </Mark>{" "}
        {t("pay.compare_line", {
          matched: count(reconciled.matched),
          n: count(reconciled.total),
          from: reconciled.from ?? "–",
          through: reconciled.through ?? "–",
        })}
      </p>
      <p>
        {t("pay.books")} {yuan(reconciled.books_fen)} · {t("pay.bank_balance")} {yuan(reconciled.bank_fen)}
      </p>
      {reconciled.rows.length > 0 && (
        <div className="scroll">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t("pay.difference")}</th>
                <th scope="col">{t("pay.serial")}</th>
                <th scope="col">{t("pay.day")}</th>
                <th scope="col" className="number">
                  {t("pay.ours")}
                </th>
                <th scope="col" className="number">
                  {t("pay.bank_yuan")}
                </th>
                <th scope="col">{t("users.do")}</th>
              </tr>
            </thead>
            <tbody>
              {reconciled.rows.map((item, i) => (
                <tr key={i}>
                  <td>{pick(item.state)}</td>
                  <td>{item.name}</td>
                  <td>{item.on ?? ""}</td>
                  <td className="number">{yuan(item.ours_fen)}</td>
                  <td className="number">{yuan(item.bank_fen)}</td>
                  <td>
                    {item.state.key === "suspense" && (
                      <Button size="small" onClick={() => setExplaining(item)}>
                        {t("pay.explain")}
                      </Button>
                    )}
                    {item.state.key === "missing" && item.payment > 0 && !waiting.includes(item.payment) && (
                      <Button size="small" onClick={() => setReinstating(item)}>
                        {t("pay.reinstate")}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {explaining && <Explain item={explaining} done={() => setExplaining(undefined)} />}
      {reinstating && <Reinstate item={reinstating} done={() => setReinstating(undefined)} />}
    </>
  );
}

function Decide({ batch, done }: { batch: PayBatch; done: () => void }) {
  const { t } = useWords();
  return (
    <DecideDialog
      path={`/api/pay/batches/${batch.batch}/decision`}
      phrases={[t("pay.phrase_checked"), t("pay.phrase_wrong")]}
      approve={t("pay.approve")}
      refuse={t("pay.refuse")}
      done={done}
    >
      {t("pay.decide_text", {
        user: batch.proposed_by,
        batch: batch.batch,
        n: count(batch.lines),
        yuan: yuan(batch.fen),
      })}
    </DecideDialog>
  );
}

function Void({ batch, done }: { batch: PayBatch; done: () => void }) {
  const { t } = useWords();
  const sent = batch.step.key === "exported";
  const [lost, setLost] = useState(false);
  const take = useAction(async (why: string) => {
    await call("POST", `/api/pay/batches/${batch.batch}/void`, { lost, why });
    done();
    changed();
  });
  return (
    <ReasonDialog
      open
      title={t("pay.void_title", { n: batch.batch, m: count(batch.open_lines) })}
      phrases={[t("pay.phrase_wrong"), t("pay.phrase_bank")]}
      confirm={t("pay.void_go")}
      danger
      busy={take.busy}
      error={take.error}
      onCancel={done}
      onConfirm={(why) => void take.run(why)}
    >
      <p>{t("pay.void_text")}</p>
      {sent && (
        <Checkbox checked={lost} onChange={(event) => setLost(event.target.checked)}>
          {t("pay.void_lost")}
        </Checkbox>
      )}
    </ReasonDialog>
  );
}

export default function PaymentsPage() {
  const { t, pick } = useWords();
  const [proposing, setProposing] = useState(false);
  const [voiding, setVoiding] = useState<PayBatch>();
  const [deciding, setDeciding] = useState<PayBatch>();
  const waiting = useWaitingRecoveries();
  const reinstating = useWaitingReinstatements();
  const compared = useApi<Reconciled>("/api/pay/reconciliation");
  const order = useAction(async (batch: PayBatch) => {
    await download(`/api/pay/batches/${batch.batch}/order`, {}, `${batch.batch}.csv`);
    changed();
  });
  const columns: Column<PayBatch>[] = [
    { key: "batch", title: t("pay.batch"), width: 70, align: "right", render: (row) => row.batch },
    {
      key: "what",
      title: t("pay.fund"),
      render: (row) => (
        <>
          {row.fund} <span className="help">{periodName(row.period, t)}</span>
          <div className="help">{row.area_name}</div>
        </>
      ),
    },
    {
      key: "total",
      title: t("pay.total"),
      width: 150,
      align: "right",
      render: (row) => (
        <>
          {yuan(row.fen)}
          <div className="help">{count(row.lines)}</div>
        </>
      ),
    },
    { key: "paid", title: t("pay.paid"), width: 80, align: "right", render: (row) => count(row.paid_lines) },
    { key: "refused", title: t("pay.refused"), width: 80, align: "right", render: (row) => count(row.refused_lines) },
    { key: "open", title: t("pay.open"), width: 80, align: "right", render: (row) => count(row.open_lines) },
    {
      key: "proposed",
      title: t("pay.proposed"),
      width: 160,
      render: (row) => (
        <>
          {row.proposed_by}
          <div className="help">{moment(row.made_ms)}</div>
        </>
      ),
    },
    {
      key: "step",
      title: t("pay.state"),
      width: 130,
      render: (row) => (
        <>
          <Mark colour={STEPS[row.step.key] ?? "grey"}>{pick(row.step)}</Mark>
          {row.approved_by !== "" && <div className="help">{row.approved_by}</div>}
        </>
      ),
    },
    {
      key: "do",
      title: t("users.do"),
      width: 170,
      render: (row) => (
        <div className="row-actions">
          <Link to={`/payments/${row.batch}`}>{t("pay.lines")}</Link>
          {row.may_decide && (
            <Button size="small" type="primary" onClick={() => setDeciding(row)}>
              {t("pay.decide")}
            </Button>
          )}
          {(row.step.key === "approved" || row.step.key === "exported") && (
            <Button size="small" loading={order.busy} onClick={() => void order.run(row)}>
              {t("pay.file")}
            </Button>
          )}
          {row.open_lines > 0 && (
            <Button size="small" onClick={() => setVoiding(row)}>
              {t("pay.void")}
            </Button>
          )}
        </div>
      ),
    },
  ];
  return (
    <>
      <ListPage<PayBatch>
        title={t("pay.title")}
        lead={t("pay.lead")}
        path="/api/pay/batches"
        filters={NO_FILTERS}
        columns={columns}
        rowKey={(row) => String(row.batch)}
        actions={() => (
          <Button type="primary" onClick={() => setProposing(true)}>
            {t("pay.propose")}
          </Button>
        )}
        before={
          <>
            <BankFiles />
            <ActionError error={order.error} />
          </>
        }
        empty={t("pay.empty")}
      />
      <RecoveriesSection waiting={waiting} />
      <ReinstatementsSection waiting={reinstating} />
      <Section title={t("pay.compare")}>
        {compared.error?.status === 403 ? (
          <p className="help">{pick(compared.error.body)}</p>
        ) : (
          <Ready answer={compared}>
            {(reconciled) => <Differences reconciled={reconciled} waiting={reinstating.map((row) => row.payment)} />}
          </Ready>
        )}
      </Section>
      {proposing && <ProposeDialog done={() => setProposing(false)} />}
      {voiding && <Void batch={voiding} done={() => setVoiding(undefined)} />}
      {deciding && <Decide batch={deciding} done={() => setDeciding(undefined)} />}
    </>
  );
}
