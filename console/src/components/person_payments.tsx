// All that was paid to a person from here, to the line of the bank's file.
import type { PersonPayment } from "../api/pay";
import type { Rows } from "../api/types";
import { useApi } from "../api/use_api";
import { periodName, yuan } from "../frame/format";
import { useWords, type WordKey } from "../words/words";
import { Mark, type Colour } from "./mark";
import { Section } from "./page";
import { Empty, Ready } from "./states";

export const PAYMENT_STATUSES: Record<PersonPayment["status"], { word: WordKey; colour: Colour }> = {
  open: { word: "person.payment_open", colour: "gold" },
  paid: { word: "person.payment_paid", colour: "green" },
  refused: { word: "person.payment_refused", colour: "red" },
  void: { word: "person.payment_void", colour: "grey" },
};

export function PersonPaymentsSection({ person }: { person: string }) {
  const { t } = useWords();
  const answer = useApi<Rows<PersonPayment>>(`/api/persons/${person}/payments`);
  return (
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
                    </span>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Ready>
    </Section>
  );
}
