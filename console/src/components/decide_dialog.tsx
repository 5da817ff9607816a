// A second person decides about money: approves, or refuses for a reason.
import Radio from "antd/es/radio";
import { useState, type ReactNode } from "react";
import { call } from "../api/client";
import { changed, useAction } from "../api/use_api";
import { useWords } from "../words/words";
import { ReasonDialog } from "./reason_dialog";

interface Props {
  /** Takes the decision: {grant, why}. */
  path: string;
  phrases: string[];
  approve: string;
  refuse: string;
  done: () => void;
  /** What is decided about. */
  children: ReactNode;
}

export function DecideDialog({ path, phrases, approve, refuse, done, children }: Props) {
  const { t } = useWords();
  const [grant, setGrant] = useState(true);
  const decide = useAction(async (why: string) => {
    await call("POST", path, { grant, why });
    done();
    changed();
  });
  return (
    <ReasonDialog
      open
      title={t("pay.decide")}
      phrases={phrases}
      confirm={grant ? approve : t("approvals.refuse")}
      danger={!grant}
      busy={decide.busy}
      error={decide.error}
      onCancel={done}
      onConfirm={(why) => void decide.run(why)}
    >
      <p>{children}</p>
      <Radio.Group
        value={grant}
        aria-label={t("pay.decide")}
        onChange={(event) => setGrant(event.target.value === true)}
        options={[
          { value: true, label: approve },
          { value: false, label: refuse },
        ]}
      />
    </ReasonDialog>
  );
}
