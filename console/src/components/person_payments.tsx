// All that was paid to a person from here, to the line of the bank's file; recovered and tried again from there.
import type { PersonPayment } from "../api/pay";
import type { Rows } from "../api/types";
import { useApi } from "../api/use_api";
import { periodName, yuan } from "../frame/format";
import { useWords, type WordKey } from "../words/words";
import { Mark, type Colour } from "./mark";
import { Section } from "./page";
import type { PayWish } from "./pay_propose";
import { PaymentActions, RecoveryWaits } from "./payment_actions";
import { RecoveriesSection, useWaitingRecoveries } from "./recoveries";
import { Empty, Ready } from "./states";

export const PAYMENT_STATUSES: Record<PersonPayment["status"], { word: WordKey; colour: Colour }> = {
  open: { word: "person.payment_open", colour: "gold" },
  paid: { word: "person.payment_paid", colour: "green" },
  refused: { word: "person.payment_refused", colour: "red" },
  void: { word: "person.payment_void", colour: "grey" },
};

/** What is proposed when a refused payment is tried again; nothing where a later attempt is under way or was paid. */
function again(person: string, payment: PersonPayment, all: PersonPayment[]): PayWish | undefined {
  const later = all.some(
    (row) =>
      row.scheme === payment.scheme &&
      row.period === payment.period &&
      row.instalment === payment.instalment &&
      row.attempt > payment.attempt &&
      row.status !== "void",
  );
  if (later) return undefined;
  const { scheme, at, fund, area } = payment;
  return { scheme, at, fund, person: Number(person), retry: true, ...(area !== "" && { area }) };
}

export function PersonPaymentsSection({ person }: { person: string }) {
  const { t } = useWords();
  const waiting = useWaitingRecoveries().filter((row) => String(row.person) === person);
  const answer = useApi<Rows<PersonPayment>>(`/api/persons/${person}/payments`);
  return (
    <>
      <Section title={t("person.payments")}>
        <Ready answer={answer}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Empty>{t("person.payments_none")}</Empty>
            ) : (
              <>
                <p>
                  {t("person.payments_sum", {
                    yuan: yuan(rows.reduce((sum, row) => sum + row.paid_fen - row.back_fen, 0)),
                  })}
                </p>
                <ul>
                  {rows.map((row) => (
                    <li key={row.payment}>
                      {periodName(row.period, t)} {row.fund} {yuan(row.fen)}{" "}
                      <Mark colour={PAYMENT_STATUSES[row.status].colour}>{t(PAYMENT_STATUSES[row.status].word)}</Mark> {row.on ?? ""}{" "}
                      {row.reason}{" "}
                      <span className="help">
                        {row.document}{" "}
                        {row.file !== "" &&
                          t("person.payment_where", { file: row.file, row: row.row, serial: row.serial || "–" })}
                      </span>{" "}
                      {row.back_fen > 0 && <span className="help">{t("pay.came_back", { yuan: yuan(row.back_fen) })}</span>}{" "}
                      <RecoveryWaits payment={row.payment} waiting={waiting} />{" "}
                      <PaymentActions payment={row} wish={again(person, row, rows)} />
                    </li>
                  ))}
                </ul>
              </>
            )
          }
        </Ready>
      </Section>
      <RecoveriesSection waiting={waiting} />
    </>
  );
}
