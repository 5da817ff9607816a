// Returns that never were: what is to be taken back waits for a second person.
import type { Reinstatement } from "../api/pay";
import type { Rows } from "../api/types";
import { useApi } from "../api/use_api";
import { yuan } from "../frame/format";
import { useWords } from "../words/words";
import { WaitingSection } from "./waiting_section";

/** All that waits and the user sees; empty until it is known. */
export function useWaitingReinstatements(): Reinstatement[] {
  return useApi<Rows<Reinstatement>>("/api/pay/reinstatements?waiting=true&page_size=500").data?.rows ?? [];
}

export function ReinstatementsSection({ waiting }: { waiting: Reinstatement[] }) {
  const { t } = useWords();
  return (
    <WaitingSection
      title={t("pay.reinstatements")}
      money={t("pay.reinstatement_yuan")}
      waiting={waiting}
      number={(row) => row.reinstatement}
      path={(row) => `/api/pay/reinstatements/${row.reinstatement}/decision`}
      phrases={[t("pay.phrase_not_stated"), t("pay.phrase_bank")]}
      text={(row) =>
        t("pay.reinstatement_text", {
          user: row.proposed_by,
          n: row.payment,
          yuan: yuan(row.fen),
          why: row.why,
        })
      }
    />
  );
}
