// Everything an inspection asks for of an area, as one workbook: asked for with a reason, made in the background, told as
// it goes, cancelled or downloaded.
import Button from "antd/es/button";
import { useState } from "react";
import { call, download, withQuery } from "../api/client";
import { useAction } from "../api/use_api";
import { useTask } from "../api/use_task";
import { useWords } from "../words/words";
import { Dialog } from "./dialog";
import { ReasonDialog } from "./reason_dialog";
import { ActionError } from "./states";
import { TaskProgress } from "./task_progress";

function Making({ number, onClose }: { number: string; onClose: () => void }) {
  const { t } = useWords();
  const { task, error } = useTask<{ dossier: number }>(number);
  const made = task?.state === "done" ? task.result : undefined;
  const over = error !== undefined || (task !== undefined && task.state !== "waiting" && task.state !== "running");
  const take = useAction(async (dossier: number) => {
    await download(`/api/dossiers/${dossier}/file`, undefined, "dossier.xlsx");
  });
  const cancel = useAction(async () => {
    await call("DELETE", `/api/tasks/${encodeURIComponent(number)}`);
  });
  return (
    <Dialog
      title={t("leader.dossier")}
      onCancel={onClose}
      maskClosable={false}
      footer={[
        <Button key="cancel" disabled={over} loading={cancel.busy} onClick={() => void cancel.run()}>
          {t("leader.dossier_cancel")}
        </Button>,
        <Button
          key="take"
          type="primary"
          disabled={!made}
          loading={take.busy}
          onClick={() => made && void take.run(made.dossier)}
        >
          {t("leader.dossier_take")}
        </Button>,
        <Button key="close" onClick={onClose}>
          {t("common.close")}
        </Button>,
      ]}
    >
      {made ? <p role="status">{t("leader.dossier_made")}</p> : <TaskProgress task={task} error={error} />}
      <ActionError error={cancel.error ?? take.error} />
    </Dialog>
  );
}

/** The button, the dialog that asks why, and the one that tells how far it is. One that is closed goes on; opened again,
 * it is told again, until another area is shown. */
export function Dossier({ area }: { area: string }) {
  const { t, lang } = useWords();
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState(false);
  const [task, setTask] = useState<string>();
  const start = useAction(async (reason: string) => {
    const answer = await call<{ task: number }>("POST", withQuery("/api/dossiers", { area }), { reason, lang });
    setTask(String(answer.task));
    setShown(true);
    setAsking(false);
  });
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("leader.dossier")}</Button>
      {task !== undefined && !shown && <Button onClick={() => setShown(true)}>{t("leader.dossier_again")}</Button>}
      <ReasonDialog
        open={asking}
        title={t("leader.dossier")}
        phrases={[t("leader.dossier_inspection"), t("leader.dossier_meeting")]}
        confirm={t("leader.dossier_make")}
        busy={start.busy}
        error={start.error}
        onCancel={() => setAsking(false)}
        onConfirm={(reason) => void start.run(reason)}
      >
        <p>{t("leader.dossier_what")}</p>
      </ReasonDialog>
      {task !== undefined && shown && <Making key={task} number={task} onClose={() => setShown(false)} />}
    </>
  );
}
