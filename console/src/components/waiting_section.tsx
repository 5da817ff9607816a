// What one proposed about payments and waits for a second person, who books it or not.
import Button from "antd/es/button";
import { useState, type ReactNode } from "react";
import type { Proposed } from "../api/pay";
import { moment, yuan } from "../frame/format";
import { Link } from "../frame/router";
import { useWords } from "../words/words";
import { DecideDialog } from "./decide_dialog";
import { Section } from "./page";

/** A column between the money and the reason. */
export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
}

interface Props<T extends Proposed> {
  title: string;
  /** Head of the column of money. */
  money: string;
  columns?: Column<T>[];
  waiting: T[];
  /** Of a row among those of its kind. */
  number: (row: T) => number;
  /** Takes the decision about a row. */
  path: (row: T) => string;
  phrases: string[];
  /** What is decided about, in a sentence. */
  text: (row: T) => ReactNode;
}

/** Those that wait, for whoever may decide; nothing where none waits. */
export function WaitingSection<T extends Proposed>(props: Props<T>) {
  const { title, money, columns = [], waiting, number, path, phrases, text } = props;
  const { t } = useWords();
  const [deciding, setDeciding] = useState<T>();
  if (waiting.length === 0) return null;
  return (
    <Section title={title}>
      <div className="scroll" tabIndex={0} role="region" aria-label={title}>
        <table className="plain recoveries">
          <thead>
            <tr>
              <th scope="col">{t("pay.recovery_payment")}</th>
              <th scope="col" className="number">
                {money}
              </th>
              {columns.map((column) => (
                <th scope="col" key={column.title}>
                  {column.title}
                </th>
              ))}
              <th scope="col">{t("reason.label")}</th>
              <th scope="col">{t("pay.proposed")}</th>
              <th scope="col">{t("users.do")}</th>
            </tr>
          </thead>
          <tbody>
            {waiting.map((row) => (
              <tr key={number(row)}>
                <th scope="row">
                  <Link to={`/payments/${row.batch}`}>{row.payment}</Link>
                </th>
                <td className="number">{yuan(row.fen)}</td>
                {columns.map((column) => (
                  <td key={column.title}>{column.cell(row)}</td>
                ))}
                <td>{row.why}</td>
                <td>
                  {row.proposed_by}
                  <div className="help">{moment(row.made_ms)}</div>
                </td>
                <td>
                  {row.may_decide && (
                    <Button size="small" type="primary" onClick={() => setDeciding(row)}>
                      {t("pay.decide")}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {deciding && (
        <DecideDialog
          path={path(deciding)}
          phrases={phrases}
          approve={t("pay.recovery_approve")}
          refuse={t("pay.recovery_refuse")}
          done={() => setDeciding(undefined)}
        >
          {text(deciding)}
        </DecideDialog>
      )}
    </Section>
  );
}
