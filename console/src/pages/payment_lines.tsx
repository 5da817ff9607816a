// The payments of a batch, one by one: masked until a reason is given; recovered, tried again.
import Button from "antd/es/button";
import Input from "antd/es/input";
import { useMemo, useState } from "react";
import { call } from "../api/client";
import type { PayBatch, PayLine } from "../api/pay";
import type { Rows } from "../api/types";
import { changed, useAction, useApi } from "../api/use_api";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { Mark } from "../components/mark";
import { RetryDialog } from "../components/pay_propose";
import { PAYMENT_STATUSES } from "../components/person_payments";
import { ReasonDialog } from "../components/reason_dialog";
import { count, dayOf, yuan } from "../frame/format";
import type { PageProps } from "../frame/pages";
import { Link } from "../frame/router";
import { useSession } from "../frame/session";
import { useWords } from "../words/words";

function Recover({ line, done }: { line: PayLine; done: () => void }) {
  const { t } = useWords();
  const most = line.paid_fen - line.back_fen;
  const [amount, setAmount] = useState((most / 100).toFixed(2));
  const [voucher, setVoucher] = useState("");
  const [day, setDay] = useState(dayOf(Date.now()));
  const recover = useAction(async (why: string) => {
    await call("POST", `/api/pay/payments/${line.payment}/recovery`, { yuan: amount, voucher, day, why });
    done();
    changed();
  });
  return (
    <ReasonDialog
      open
      title={t("pay.recover_title", { n: line.payment })}
      phrases={[t("pay.phrase_moved"), t("pay.phrase_undue")]}
      confirm={t("pay.recover_go")}
      busy={recover.busy}
      error={recover.error}
      onCancel={done}
      onConfirm={(why) => void recover.run(why)}
    >
      <p>
        {t("pay.recover_text", { paid: yuan(line.paid_fen), back: yuan(line.back_fen), most: yuan(most) })}
      </p>
      <label className="field-label" htmlFor="recover-yuan">
        {t("pay.recover_yuan")}
      </label>
      <Input id="recover-yuan" value={amount} onChange={(event) => setAmount(event.target.value)} />
      <label className="field-label" htmlFor="recover-voucher">
        {t("pay.recover_voucher")}
      </label>
      <Input id="recover-voucher" value={voucher} onChange={(event) => setVoucher(event.target.value)} />
      <label className="field-label" htmlFor="recover-day">
        {t("pay.recover_day")}
      </label>
      <Input id="recover-day" type="date" value={day} onChange={(event) => setDay(event.target.value)} />
    </ReasonDialog>
  );
}

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
  const [open, setOpen] = useState<{ what: "recover" | "reveal" | "retry"; line: PayLine }>();
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
  const done = () => setOpen(undefined);
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
            <Button size="small" onClick={() => setOpen({ what: "reveal", line: row })}>
              {t("pay.reveal")}
            </Button>
          )}
          {row.status === "paid" && row.paid_fen > row.back_fen && (
            <Button size="small" onClick={() => setOpen({ what: "recover", line: row })}>
              {t("pay.recover")}
            </Button>
          )}
          {row.status === "refused" && batch && (
            <Button size="small" onClick={() => setOpen({ what: "retry", line: row })}>
              {t("pay.retry")}
            </Button>
          )}
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
      {open?.what === "recover" && <Recover line={open.line} done={done} />}
      {open?.what === "reveal" && (
        <Reveal
          line={open.line}
          done={done}
          show={(line) => setShown((before) => ({ ...before, [line.payment]: line }))}
        />
      )}
      {open?.what === "retry" && batch && (
        <RetryDialog
          title={t("pay.retry_title", { n: open.line.payment })}
          wish={{
            scheme: batch.scheme,
            at: batch.at,
            fund: batch.fund,
            person: open.line.person,
            retry: true,
            ...(batch.area !== "" && { area: batch.area }),
          }}
          done={done}
        />
      )}
    </>
  );
}
