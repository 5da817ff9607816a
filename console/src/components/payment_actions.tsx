// What can be done with one payment, wherever it is shown: what came back is proposed, what was refused is tried again.
import Button from "antd/es/button";
import Input from "antd/es/input";
import { useState } from "react";
import { call } from "../api/client";
import type { PayLine, Recovery } from "../api/pay";
import { changed, useAction } from "../api/use_api";
import { dayOf, yuan } from "../frame/format";
import { useWords } from "../words/words";
import { RetryDialog, type PayWish } from "./pay_propose";
import { ReasonDialog } from "./reason_dialog";

/** What of a payment tells what can be done with it. */
export type Payment = Pick<PayLine, "payment" | "status" | "paid_fen" | "back_fen">;

function Recover({ payment, done }: { payment: Payment; done: () => void }) {
  const { t } = useWords();
  const most = payment.paid_fen - payment.back_fen;
  const [amount, setAmount] = useState((most / 100).toFixed(2));
  const [voucher, setVoucher] = useState("");
  const [day, setDay] = useState(dayOf(Date.now()));
  const recover = useAction(async (why: string) => {
    await call("POST", `/api/pay/payments/${payment.payment}/recovery`, { yuan: amount, voucher, day, why });
    done();
    changed();
  });
  return (
    <ReasonDialog
      open
      title={t("pay.recover_title", { n: payment.payment })}
      phrases={[t("pay.phrase_moved"), t("pay.phrase_undue")]}
      confirm={t("pay.recover_go")}
      busy={recover.busy}
      error={recover.error}
      onCancel={done}
      onConfirm={(why) => void recover.run(why)}
    >
      <p>
        {t("pay.recover_text", { paid: yuan(payment.paid_fen), back: yuan(payment.back_fen), most: yuan(most) })}
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

/** What of the payment waits for a second person's approval. */
export function RecoveryWaits({ payment, waiting }: { payment: number; waiting: Recovery[] }) {
  const { t } = useWords();
  const fen = waiting.reduce((sum, row) => (row.payment === payment ? sum + row.fen : sum), 0);
  if (fen === 0) return null;
  return <span className="help">{t("pay.recovery_waits", { yuan: yuan(fen) })}</span>;
}

/** The buttons of a payment and their dialogs. `wish` is what is proposed when it is tried again; without one it cannot be. */
export function PaymentActions({ payment, wish }: { payment: Payment; wish?: PayWish }) {
  const { t } = useWords();
  const [recovering, setRecovering] = useState(false);
  // Kept while the dialog is open: once it is proposed, the page has no wish any more.
  const [retrying, setRetrying] = useState<PayWish>();
  return (
    <>
      {payment.status === "paid" && payment.paid_fen > payment.back_fen && (
        <Button size="small" className="recover-payment" onClick={() => setRecovering(true)}>
          {t("pay.recover")}
        </Button>
      )}
      {payment.status === "refused" && wish && (
        <Button size="small" className="retry-payment" onClick={() => setRetrying(wish)}>
          {t("pay.retry")}
        </Button>
      )}
      {recovering && <Recover payment={payment} done={() => setRecovering(false)} />}
      {retrying && (
        <RetryDialog
          title={t("pay.retry_title", { n: payment.payment })}
          wish={retrying}
          done={() => setRetrying(undefined)}
        />
      )}
    </>
  );
}
