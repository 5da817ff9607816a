// The payments of a batch, one by one: masked until a reason is given; recovered, tried again.
import Button from "antd/es/button";
import { useMemo, useState } from "react";
import { call } from "../api/client";
import type { PayBatch, PayLine } from "../api/pay";
import type { Rows } from "../api/types";
import { useAction, useApi } from "../api/use_api";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Mark } from "../components/mark";
import { PaymentActions, RecoveryWaits } from "../components/payment_actions";
import { PAYMENT_STATUSES } from "../components/person_payments";
import { ReasonDialog } from "../components/reason_dialog";
import { useWaitingRecoveries } from "../components/recoveries";
import { count, yuan } from "../frame/format";
import type { PageProps } from "../frame/pages";
import { Link } from "../frame/router";
import { useSession } from "../frame/session";
import { useWords } from "../words/words";

function Reveal({ line, done, show }: { line: PayLine; done: () => void; show: (line: PayLine) => void }) {
  const { t } = useWords();
  const reveal = useAction(async (reason: string) => {
    show(await call<PayLine>("POST", `/api/pay/payments/${line.payment}/reveal`, { reason }));
    done();
  });
  return (
    <ReasonDialog
      open
      title={t("pay.reveal")}
      phrases={[t("pay.phrase_reveal")]}
      confirm={t("pay.reveal")}
      busy={reveal.busy}
      error={reveal.error}
      onCancel={done}
      onConfirm={(why) => void reveal.run(why)}
    >
      <p>{t("pay.reveal_text", { n: line.payment })}</p>
    </ReasonDialog>
  );
}

function Payee({ line }: { line: PayLine }) {
  return (
    <>
      {line.holder_name} <span className="mono nowrap">{line.account}</span>
      <div className="help">{line.bank}</div>
    </>
  );
}

export default function PaymentLinesPage({ params }: PageProps) {
  const { t } = useWords();
  const { session } = useSession();
  const waiting = useWaitingRecoveries();
  const [revealing, setRevealing] = useState<PayLine>();
  const [shown, setShown] = useState<Record<number, PayLine>>({});
  const batch = useApi<Rows<PayBatch>>(`/api/pay/batches?page_size=500`).data?.rows.find(
    (row) => String(row.batch) === params.batch,
  );
  const filters: Filter[] = useMemo(
    () => [
      {
        name: "status",
        label: t("pay.status"),
        kind: "select",
        options: [
          { value: "", label: t("pay.all") },
          ...Object.entries(PAYMENT_STATUSES).map(([value, status]) => ({ value, label: t(status.word) })),
        ],
      },
    ],
    [t],
  );
  const mayReveal = session?.capabilities.includes("reveal");
  const columns: Column<PayLine>[] = [
    { key: "ordinal", title: t("pay.ordinal"), width: 60, align: "right", render: (row) => count(row.ordinal) },
    {
      key: "person",
      title: t("pay.person"),
      width: 120,
      render: (row) => (
        <>
          <Link to={`/persons/${row.person}`}>{shown[row.payment]?.name ?? row.name}</Link>
          <div className="help">{row.area_name}</div>
        </>
      ),
    },
    { key: "payee", title: t("pay.payee"), render: (row) => <Payee line={shown[row.payment] ?? row} /> },
    {
      key: "fen",
      title: t("pay.amount"),
      width: 150,
      align: "right",
      render: (row) => (
        <>
          {yuan(row.fen)}
          {row.back_fen > 0 && <div className="help">{t("pay.came_back", { yuan: yuan(row.back_fen) })}</div>}
          <div>
            <RecoveryWaits payment={row.payment} waiting={waiting} />
          </div>
        </>
      ),
    },
    {
      key: "status",
      title: t("pay.status"),
      width: 190,
      render: (row) => (
        <>
          <Mark colour={PAYMENT_STATUSES[row.status].colour}>{t(PAYMENT_STATUSES[row.status].word)}</Mark> {row.on ?? ""}
          <div className="help">
            {row.reason} {(row.attempt > 1 || row.instalment > 1) && t("pay.attempt", { n: row.instalment, m: row.attempt })}
          </div>
        </>
      ),
    },
    {
      key: "do",
      title: t("users.do"),
      width: 210,
      render: (row) => (
        <div className="row-actions">
          {mayReveal && !shown[row.payment] && (
            <Button size="small" onClick={() => setRevealing(row)}>
              {t("pay.reveal")}
            </Button>
          )}
          <PaymentActions
            payment={row}
            wish={
              batch && {
                scheme: batch.scheme,
                at: batch.at,
                fund: batch.fund,
                person: row.person,
                retry: true,
                ...(batch.area !== "" && { area: batch.area }),
              }
            }
          />
        </div>
      ),
    },
  ];
  return (
    <>
      <ListPage<PayLine>
        title={t("pay.lines_title", { n: params.batch })}
        lead={t("pay.lines_lead")}
        path={`/api/pay/batches/${params.batch}/lines`}
        filters={filters}
        columns={columns}
        rowKey={(row) => String(row.payment)}
        empty={t("pay.lines_empty")}
      />
      {revealing && (
        <Reveal
          line={revealing}
          done={() => setRevealing(undefined)}
          show={(line) => setShown((before) => ({ ...before, [line.payment]: line }))}
        />
      )}
    </>
  );
}
