// The installation: what is unsafe or stale in it, and backups.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import { useEffect, useState } from "react";
import { call } from "../api/client";
import type { SystemRemark } from "../api/types";
import { changed, useAction, useApi } from "../api/use_api";
import { useTask } from "../api/use_task";
import { Page, Section } from "../components/page";
import { ActionError, Empty, Ready } from "../components/states";
import { TaskProgress } from "../components/task_progress";
import { useWords } from "../words/words";

const TYPES = { fine: "success", note: "warning", unsafe: "error" } as const;
const ORDER = ["unsafe", "note", "fine"];

export default function SystemPage() {
  const { t, pick } = useWords();
  const answer = useApi<{ remarks: SystemRemark[] }>("/api/system");
  const [task, setTask] = useState<string | null>(null);
  const running = useTask<{ file?: string }>(task);
  const backup = useAction(async () => {
    const made = await call<{ task: number }>("POST", "/api/system/backup");
    setTask(String(made.task));
  });
  const done = running.task?.state === "done";
  useEffect(() => {
    if (done) changed();
  }, [done]);
  return (
    <Page
      title={t("system.title")}
      lead={t("system.lead")}
      actions={
        <Button type="primary" loading={backup.busy} onClick={() => void backup.run()}>
          {t("system.backup")}
        </Button>
      }
    >
      <ActionError error={backup.error} />
      {task !== null && running.task?.state !== "done" && <TaskProgress task={running.task} error={running.error} />}
      {running.task?.state === "done" && (
        <Alert type="success" showIcon message={t("system.backed_up", { file: running.task.result?.file ?? "" })} />
      )}
      <Section title={t("system.checks")}>
        <Ready answer={answer}>
          {(state) =>
            state.remarks.length === 0 ? (
              <Empty>{t("system.nothing")}</Empty>
            ) : (
              <>
                {[...state.remarks]
                  .sort((a, b) => ORDER.indexOf(a.weight) - ORDER.indexOf(b.weight))
                  .map((check) => (
                    <Alert
                      key={check.what}
                      className="check"
                      type={TYPES[check.weight]}
                      showIcon
                      message={pick(check)}
                    />
                  ))}
              </>
            )
          }
        </Ready>
      </Section>
    </Page>
  );
}
