// Whatever needs a reason asks for it here: a sentence, ready phrases, what will happen, and what it is kept for.
import Button from "antd/es/button";
import Input from "antd/es/input";
import { useEffect, useState, type ReactNode } from "react";
import type { ApiError } from "../api/client";
import { useWords } from "../words/words";
import { Dialog } from "./dialog";
import { ActionError } from "./states";

const REASON_LENGTH_MAX = 200;

interface ReasonDialogProps {
  open: boolean;
  title: string;
  /** What will happen, before it does. */
  children?: ReactNode;
  phrases: string[];
  confirm: string;
  danger?: boolean;
  busy: boolean;
  error: ApiError | undefined;
  onCancel: () => void;
  onConfirm: (reason: string) => void;
}

export function ReasonDialog(props: ReasonDialogProps) {
  const { t } = useWords();
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!props.open) return;
    setReason("");
    setAsked(false);
  }, [props.open]);
  const missing = reason.trim() === "";
  const confirm = () => {
    setAsked(true);
    if (!missing) props.onConfirm(reason.trim());
  };
  return (
    <Dialog
      open={props.open}
      title={props.title}
      onCancel={props.onCancel}
      destroyOnClose
      footer={[
        <Button key="cancel" onClick={props.onCancel}>
          {t("common.cancel")}
        </Button>,
        <Button key="ok" type="primary" danger={props.danger} loading={props.busy} onClick={confirm}>
          {props.confirm}
        </Button>,
      ]}
    >
      {props.children}
      <label className="field-label" htmlFor="reason">
        {t("reason.label")}
      </label>
      <Input.TextArea
        id="reason"
        autoFocus
        rows={2}
        maxLength={REASON_LENGTH_MAX}
        value={reason}
        status={asked && missing ? "error" : undefined}
        aria-invalid={asked && missing}
        aria-describedby="reason-help"
        onChange={(event) => setReason(event.target.value)}
        onPressEnter={(event) => {
          if (event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          confirm();
        }}
      />
      <p id="reason-help" className={asked && missing ? "help error" : "help"}>
        {asked && missing ? t("reason.missing") : t("reason.kept")}
      </p>
      <Phrases phrases={props.phrases} onPick={setReason} />
      <ActionError error={props.error} />
    </Dialog>
  );
}

export function Phrases({ phrases, onPick }: { phrases: string[]; onPick: (text: string) => void }) {
  const { t } = useWords();
  return (
    <div className="phrases" role="group" aria-label={t("reason.phrases")}>
      {phrases.map((phrase) => (
        <Button key={phrase} size="small" onClick={() => onPick(phrase)}>
          {phrase}
        </Button>
      ))}
    </div>
  );
}
