// Freezing figures: which of them, of which area and day, and why. All of them are published, or none.
import Select from "antd/es/select";
import { useMemo, useState } from "react";
import type { Publication } from "../api/publications";
import { call, withQuery } from "../api/client";
import type { FigureName, Rows } from "../api/types";
import { changed, useAction, useApi } from "../api/use_api";
import { useNotify } from "../frame/notices";
import { useWords } from "../words/words";
import { useAreaChoices } from "./areas";
import { ReasonDialog } from "./reason_dialog";

interface PublishProps {
  open: boolean;
  /** Chosen to begin with. */
  figures: string[];
  area: string;
  at: string;
  onClose: () => void;
}

export function PublishDialog({ open, figures, area, at, onClose }: PublishProps) {
  const { t, pick } = useWords();
  const notify = useNotify();
  const areas = useAreaChoices(["county", "township"]);
  const names = useApi<Rows<FigureName>>(open ? "/api/figures/names" : null);
  const [chosen, setChosen] = useState(figures);
  const [of, setOf] = useState(area);
  const options = useMemo(
    () => (names.data?.rows ?? []).map((row) => ({ value: row.figure, label: pick(row) })),
    [names.data, pick],
  );
  const publish = useAction(async (reason: string) => {
    const body = { figures: chosen.map((figure) => ({ figure })), at: at === "" ? undefined : at, reason };
    const made = await call<Rows<Publication>>("POST", withQuery("/api/publications", { area: of }), body);
    notify(t("published.done", { n: made.rows.map((row) => row.number).join(t("list.comma")) }));
    changed();
    onClose();
  });
  return (
    <ReasonDialog
      open={open}
      title={t("published.publish")}
      phrases={[t("published.phrase_report"), t("published.phrase_press")]}
      confirm={t("published.confirm", { n: chosen.length })}
      busy={publish.busy}
      error={publish.error}
      onCancel={onClose}
      onConfirm={(reason) => void (chosen.length > 0 && publish.run(reason))}
    >
      <p>{t("published.what")}</p>
      <label className="field-label" htmlFor="publish-figures">
        {t("figures.figure")}
      </label>
      <Select
        id="publish-figures"
        mode="multiple"
        style={{ width: "100%" }}
        maxTagCount={6}
        optionFilterProp="label"
        value={chosen}
        onChange={setChosen}
        options={options}
        status={chosen.length === 0 ? "error" : undefined}
      />
      <label className="field-label" htmlFor="publish-area">
        {t("figures.area")}
      </label>
      <Select
        id="publish-area"
        style={{ width: "100%" }}
        showSearch
        optionFilterProp="label"
        value={of}
        onChange={setOf}
        options={areas}
      />
    </ReasonDialog>
  );
}
