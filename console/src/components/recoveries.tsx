// What came back of payments and waits for a second person, who books it or not.
import Button from "antd/es/button";
import { useState } from "react";
import type { Recovery } from "../api/pay";
import type { Rows } from "../api/types";
import { useApi } from "../api/use_api";
import { moment, yuan } from "../frame/format";
import { Link } from "../frame/router";
import { useWords } from "../words/words";
import { DecideDialog } from "./decide_dialog";
import { Section } from "./page";

/** All that waits and the user sees; empty until it is known. */
export function useWaitingRecoveries(): Recovery[] {
  return useApi<Rows<Recovery>>("/api/pay/recoveries?waiting=true&page_size=500").data?.rows ?? [];
}

function Decide({ recovery, done }: { recovery: Recovery; done: () => void }) {
  const { t } = useWords();
  return (
    <DecideDialog
      path={`/api/pay/recoveries/${recovery.recovery}/decision`}
      phrases={[t("pay.phrase_voucher"), t("pay.phrase_not_come")]}
      approve={t("pay.recovery_approve")}
      refuse={t("pay.recovery_refuse")}
      done={done}
    >
      {t("pay.recovery_text", {
        user: recovery.proposed_by,
        n: recovery.payment,
        yuan: yuan(recovery.fen),
        voucher: recovery.voucher,
        day: recovery.day,
        why: recovery.why,
      })}
    </DecideDialog>
  );
}

/** Those that wait, for whoever may decide; nothing where none waits. */
export function RecoveriesSection({ waiting }: { waiting: Recovery[] }) {
  const { t } = useWords();
  const [deciding, setDeciding] = useState<Recovery>();
  if (waiting.length === 0) return null;
  return (
    <Section title={t("pay.recoveries")}>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("pay.recoveries")}>
        <table className="plain recoveries">
          <thead>
            <tr>
              <th scope="col">{t("pay.recovery_payment")}</th>
              <th scope="col" className="number">
                {t("pay.recover_yuan")}
              </th>
              <th scope="col">{t("pay.recover_voucher")}</th>
              <th scope="col">{t("pay.recover_day")}</th>
              <th scope="col">{t("reason.label")}</th>
              <th scope="col">{t("pay.proposed")}</th>
              <th scope="col">{t("users.do")}</th>
            </tr>
          </thead>
          <tbody>
            {waiting.map((row) => (
              <tr key={row.recovery}>
                <th scope="row">
                  <Link to={`/payments/${row.batch}`}>{row.payment}</Link>
                </th>
                <td className="number">{yuan(row.fen)}</td>
                <td>{row.voucher}</td>
                <td>{row.day}</td>
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
      {deciding && <Decide recovery={deciding} done={() => setDeciding(undefined)} />}
    </Section>
  );
}
