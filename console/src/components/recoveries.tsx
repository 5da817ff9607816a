// What came back of payments and waits for a second person.
import type { Recovery } from "../api/pay";
import type { Rows } from "../api/types";
import { useApi } from "../api/use_api";
import { yuan } from "../frame/format";
import { useWords } from "../words/words";
import { WaitingSection } from "./waiting_section";

/** All that waits and the user sees; empty until it is known. */
export function useWaitingRecoveries(): Recovery[] {
  return useApi<Rows<Recovery>>("/api/pay/recoveries?waiting=true&page_size=500").data?.rows ?? [];
}

export function RecoveriesSection({ waiting }: { waiting: Recovery[] }) {
  const { t } = useWords();
  return (
    <WaitingSection
      title={t("pay.recoveries")}
      money={t("pay.recover_yuan")}
      columns={[
        { title: t("pay.recover_voucher"), cell: (row) => row.voucher },
        { title: t("pay.recover_day"), cell: (row) => row.day },
      ]}
      waiting={waiting}
      number={(row) => row.recovery}
      path={(row) => `/api/pay/recoveries/${row.recovery}/decision`}
      phrases={[t("pay.phrase_voucher"), t("pay.phrase_not_come")]}
      text={(row) =>
        t("pay.recovery_text", {
          user: row.proposed_by,
          n: row.payment,
          yuan: yuan(row.fen),
          voucher: row.voucher,
          day: row.day,
          why: row.why,
        })
      }
    />
  );
}
