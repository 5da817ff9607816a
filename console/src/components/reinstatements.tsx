// Returns that never were: what is to be taken back waits for a second person, who books it or not.
import Button from "antd/es/button";
import { useState } from "react";
import type { Reinstatement } from "../api/pay";
import type { Rows } from "../api/types";
import { useApi } from "../api/use_api";
import { moment, yuan } from "../frame/format";
import { Link } from "../frame/router";
import { useWords } from "../words/words";
import { DecideDialog } from "./decide_dialog";
import { Section } from "./page";

/** All that waits and the user sees; empty until it is known. */
export function useWaitingReinstatements(): Reinstatement[] {
  return useApi<Rows<Reinstatement>>("/api/pay/reinstatements?waiting=true&page_size=500").data?.rows ?? [];
}

function Decide({ reinstatement, done }: { reinstatement: Reinstatement; done: () => void }) {
  const { t } = useWords();
  return (
    <DecideDialog
      path={`/api/pay/reinstatements/${reinstatement.reinstatement}/decision`}
      phrases={[t("pay.phrase_not_stated"), t("pay.phrase_bank")]}
      approve={t("pay.recovery_approve")}
      refuse={t("pay.recovery_refuse")}
      done={done}
    >
      {t("pay.reinstatement_text", {
        user: reinstatement.proposed_by,
        n: reinstatement.payment,
        yuan: yuan(reinstatement.fen),
        why: reinstatement.why,
      })}
    </DecideDialog>
  );
}

/** Those that wait, for whoever may decide; nothing where none waits. */
export function ReinstatementsSection({ waiting }: { waiting: Reinstatement[] }) {
  const { t } = useWords();
  const [deciding, setDeciding] = useState<Reinstatement>();
  if (waiting.length === 0) return null;
  return (
    <Section title={t("pay.reinstatements")}>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("pay.reinstatements")}>
        <table className="plain recoveries">
          <thead>
            <tr>
              <th scope="col">{t("pay.recovery_payment")}</th>
              <th scope="col" className="number">
                {t("pay.reinstatement_yuan")}
              </th>
              <th scope="col">{t("reason.label")}</th>
              <th scope="col">{t("pay.proposed")}</th>
              <th scope="col">{t("users.do")}</th>
            </tr>
          </thead>
          <tbody>
            {waiting.map((row) => (
              <tr key={row.reinstatement}>
                <th scope="row">
                  <Link to={`/payments/${row.batch}`}>{row.payment}</Link>
                </th>
                <td className="number">{yuan(row.fen)}</td>
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
      {deciding && <Decide reinstatement={deciding} done={() => setDeciding(undefined)} />}
    </Section>
  );
}
