// After an import: what came in, where to look next, and one click that takes all of it back.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import { useState } from "react";
import { call } from "../api/client";
import { changed, useAction } from "../api/use_api";
import { ReasonDialog } from "../components/reason_dialog";
import { count } from "../frame/format";
import { Link } from "../frame/router";
import { useWords } from "../words/words";

export interface Imported {
  batches: number[];
  rows: number;
  accepted: number;
  warned: number;
  rejected: number;
  ended: number;
}

/** Asks for the reason and takes batches back, the newest first. */
export function useUndoImport(done: () => void) {
  const { t } = useWords();
  const [batches, setBatches] = useState<number[]>();
  const undo = useAction(async (why: string) => {
    for (const batch of [...(batches ?? [])].sort((a, b) => b - a))
      await call("DELETE", `/api/imports/${batch}`, { why });
    setBatches(undefined);
    changed();
    done();
  });
  const dialog = (
    <ReasonDialog
      open={batches !== undefined}
      title={t("imports.undo_title")}
      phrases={[t("imports.phrase_wrong"), t("imports.phrase_partial"), t("imports.phrase_new")]}
      confirm={t("imports.undo")}
      danger
      busy={undo.busy}
      error={undo.error}
      onCancel={() => setBatches(undefined)}
      onConfirm={(why) => void undo.run(why)}
    >
      <p>{t("imports.undo_text", { batches: (batches ?? []).join(t("list.comma")) })}</p>
    </ReasonDialog>
  );
  return { ask: setBatches, dialog };
}

export function ImportResult({ imported, again }: { imported: Imported; again: () => void }) {
  const { t } = useWords();
  const [undone, setUndone] = useState(false);
  const undo = useUndoImport(() => setUndone(true));
  return (
    <>
      <Alert
        type={undone ? "info" : "success"}
        showIcon
        message={undone ? t("imports.undone") : t("import.done", { n: imported.batches.length })}
        description={
          undone
            ? undefined
            : t("import.done_rows", {
                accepted: count(imported.accepted),
                warned: count(imported.warned),
                rejected: count(imported.rejected),
                ended: count(imported.ended),
              })
        }
      />
      <ul className="next">
        <li>
          <Link to="/">{t("import.next_queue")}</Link>
        </li>
        <li>
          <Link to="/reviews">{t("import.next_reviews")}</Link>
        </li>
        {imported.batches.map((batch) => (
          <li key={batch}>
            <Link to={`/imports/${batch}`}>{t("import.next_rejects", { batch })}</Link>
          </li>
        ))}
      </ul>
      <div className="buttons">
        <Button type="primary" onClick={again}>
          {t("import.again")}
        </Button>
        {!undone && imported.batches.length > 0 && (
          <Button danger onClick={() => undo.ask(imported.batches)}>
            {t("imports.undo")}
          </Button>
        )}
      </div>
      {undo.dialog}
    </>
  );
}
