// Numbers in full, for as long as the page stays open.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import { useState, type ReactNode } from "react";
import { call } from "../api/client";
import type { Revealed } from "../api/types";
import { useAction } from "../api/use_api";
import { useSession } from "../frame/session";
import { useDomain, useWords } from "../words/words";
import { ReasonDialog } from "./reason_dialog";

function RevealedValues({ revealed }: { revealed: Revealed }) {
  const { t } = useWords();
  const domain = useDomain();
  const phones = revealed.phones.join(t("list.comma"));
  const others = revealed.values.filter((said) => said.field !== "id_number" && said.field !== "phone");
  return (
    <Alert
      type="info"
      className="revealed"
      message={t("reveal.shown")}
      description={
        <dl className="facts">
          <div>
            <dt>{domain.name("fields", "id_number")}</dt>
            <dd className="mono">{revealed.id_number || "–"}</dd>
          </div>
          <div>
            <dt>{domain.name("fields", "phone")}</dt>
            <dd className="mono">{phones || "–"}</dd>
          </div>
          {others.map((said, i) => (
            <div key={i}>
              <dt>{domain.name("fields", said.field)}</dt>
              <dd className="mono">{said.value}</dd>
            </div>
          ))}
        </dl>
      }
    />
  );
}

/** What shows the numbers of one person in full after a reason, and hides them: a button, and what stands on the page. */
export function useRevealed(path: string, phrases: string[]): { button: ReactNode; values: ReactNode; dialog: ReactNode } {
  const { t } = useWords();
  const { may } = useSession();
  const [asking, setAsking] = useState(false);
  const [revealed, setRevealed] = useState<{ path: string; values: Revealed }>();
  const reveal = useAction(async (reason: string) => {
    setRevealed({ path, values: await call<Revealed>("POST", path, { reason }) });
    setAsking(false);
  });
  const shown = revealed?.path === path ? revealed.values : undefined;
  return {
    button: shown ? (
      <Button onClick={() => setRevealed(undefined)}>{t("reveal.hide")}</Button>
    ) : (
      may("reveal") && <Button onClick={() => setAsking(true)}>{t("reveal.ask")}</Button>
    ),
    values: shown && <RevealedValues revealed={shown} />,
    dialog: (
      <ReasonDialog
        open={asking}
        title={t("reveal.ask")}
        phrases={phrases}
        confirm={t("reveal.confirm")}
        busy={reveal.busy}
        error={reveal.error}
        onCancel={() => setAsking(false)}
        onConfirm={(reason) => void reveal.run(reason)}
      >
        <p>{t("reveal.text")}</p>
      </ReasonDialog>
    ),
  };
}
