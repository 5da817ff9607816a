// Four eyes: what others want to take out of the system with full numbers, and what one asked for oneself.
import Button from "antd/es/button";
import Radio from "antd/es/radio";
import { useState } from "react";
import { call, download } from "../api/client";
import { forgetExport, keptExport } from "../api/exports";
import type { Approval } from "../api/types";
import { changed, useAction } from "../api/use_api";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Mark, type Colour } from "../components/mark";
import { ReasonDialog } from "../components/reason_dialog";
import { ActionError } from "../components/states";
import { count, moment, periodName, yuan } from "../frame/format";
import { Link } from "../frame/router";
import { useSession } from "../frame/session";
import { useDomain, useWords, type WordKey } from "../words/words";

const NO_FILTERS: Filter[] = [];

const STATES: Record<Approval["state"], { word: WordKey; colour: Colour }> = {
  waiting: { word: "approvals.waiting", colour: "gold" },
  granted: { word: "approvals.granted", colour: "green" },
  refused: { word: "approvals.refused", colour: "red" },
  used: { word: "approvals.used", colour: "grey" },
  over: { word: "approvals.over", colour: "grey" },
};

const MONEY: Record<NonNullable<Approval["money"]>["of"], WordKey> = {
  batch: "approvals.money_batch",
  recovery: "approvals.money_recovery",
  reinstatement: "approvals.money_reinstatement",
};

export default function ApprovalsPage() {
  const { t, lang } = useWords();
  const domain = useDomain();
  const { session, may } = useSession();
  const [deciding, setDeciding] = useState<Approval>();
  const [grant, setGrant] = useState(true);
  const decide = useAction(async (why: string) => {
    if (!deciding) return;
    await call("POST", `/api/approvals/${deciding.approval}/decision`, { grant, why });
    setDeciding(undefined);
    changed();
  });
  const take = useAction(async (row: Approval) => {
    const body = { ...keptExport(row.approval), approval: row.approval };
    await download("/api/findings/export", body, "baoxue.xlsx");
    forgetExport(row.approval);
    changed();
  });
  const reason = ({ money, reason: words }: Approval) => {
    if (!money) return words;
    const said = { scheme: money.scheme[lang], period: periodName(money.period, t), yuan: yuan(money.fen) };
    return money.lines > 0
      ? t("approvals.money_lines", { ...said, lines: count(money.lines) })
      : t("approvals.money_one", said);
  };
  const columns: Column<Approval>[] = [
    { key: "number", title: t("audit.entry"), width: 70, align: "right", render: (row) => row.approval },
    {
      key: "what",
      title: t("approvals.what"),
      render: (row) => (
        <>
          {domain.name("actions", row.action)}{" "}
          <span className="help">
            {row.money ? t(MONEY[row.money.of], { n: row.money.number }) : row.object}
          </span>
        </>
      ),
    },
    { key: "reason", title: t("history.reason"), width: 220, render: reason },
    {
      key: "asked",
      title: t("approvals.asked"),
      width: 170,
      render: (row) => (
        <>
          {row.asked_by}
          <div className="help">{moment(row.asked_ms)}</div>
        </>
      ),
    },
    {
      key: "state",
      title: t("users.state"),
      width: 190,
      render: (row) => (
        <>
          <Mark colour={STATES[row.state].colour}>{t(STATES[row.state].word)}</Mark>
          {row.decided_by !== "" && (
            <div className="help">
              {row.decided_by} {row.why}
            </div>
          )}
        </>
      ),
    },
    {
      key: "do",
      title: t("users.do"),
      width: 130,
      render: (row) => {
        const mine =
          row.asked_by === session?.user && row.state === "granted" && keptExport(row.approval) !== undefined;
        return (
          <>
            {row.may_decide && (
              <Button size="small" type="primary" onClick={() => setDeciding(row)}>
                {t("approvals.decide")}
              </Button>
            )}
            {row.money && row.state === "waiting" && may("pay") && (
              <Link to="/payments">{t("approvals.money_where")}</Link>
            )}
            {mine && (
              <Button size="small" loading={take.busy} onClick={() => void take.run(row)}>
                {t("approvals.take")}
              </Button>
            )}
          </>
        );
      },
    },
  ];
  return (
    <>
      <ListPage<Approval>
        title={t("approvals.title")}
        lead={t("approvals.lead")}
        path="/api/approvals"
        filters={NO_FILTERS}
        columns={columns}
        rowKey={(row) => String(row.approval)}
        before={<ActionError error={take.error} />}
        empty={t("approvals.empty")}
      />
      <ReasonDialog
        open={deciding !== undefined}
        title={t("approvals.decide")}
        phrases={[t("approvals.phrase_needed"), t("approvals.phrase_unneeded")]}
        confirm={grant ? t("approvals.grant") : t("approvals.refuse")}
        danger={!grant}
        busy={decide.busy}
        error={decide.error}
        onCancel={() => setDeciding(undefined)}
        onConfirm={(why) => void decide.run(why)}
      >
        <p>{t("approvals.text", { user: deciding?.asked_by ?? "", reason: deciding?.reason ?? "" })}</p>
        <Radio.Group
          value={grant}
          aria-label={t("approvals.decide")}
          onChange={(event) => setGrant(event.target.value === true)}
          options={[
            { value: true, label: t("approvals.grant") },
            { value: false, label: t("approvals.refuse") },
          ]}
        />
      </ReasonDialog>
    </>
  );
}
