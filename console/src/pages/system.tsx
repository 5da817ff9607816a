// The installation: what is unsafe or stale in it, and backups.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import { useState } from "react";
import { call } from "../api/client";
import type { SystemCheck } from "../api/types";
import { refreshAll, useAction, useApi } from "../api/use_api";
import { useTask } from "../api/use_task";
import { Page, Section } from "../components/page";
import { ActionError, Empty, Ready } from "../components/states";
import { TaskProgress } from "../components/task_progress";
import { useNotify } from "../frame/notices";
import { useWords } from "../words/words";

const TYPES = { good: "success", warning: "warning", bad: "error" } as const;
const ORDER = ["bad", "warning", "good"];

export default function SystemPage() {
  const { t, pick } = useWords();
  const notify = useNotify();
  const answer = useApi<{ checks: SystemCheck[] }>("/api/system");
  const [task, setTask] = useState<string | null>(null);
  const running = useTask<{ file?: string }>(task);
  const backup = useAction(async () => {
    const made = await call<{ task?: string; file?: string }>("POST", "/api/system/backup", {});
    if (made.task) setTask(made.task);
    else notify(t("system.backed_up", { file: made.file ?? "" }));
    refreshAll();
  });
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
            state.checks.length === 0 ? (
              <Empty>{t("system.nothing")}</Empty>
            ) : (
              <>
                {[...state.checks]
                  .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
                  .map((check) => (
                    <Alert key={check.key} className="check" type={TYPES[check.state]} showIcon message={pick(check)} />
                  ))}
              </>
            )
          }
        </Ready>
      </Section>
    </Page>
  );
}
