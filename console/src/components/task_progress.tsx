// A task on its way: what it does now, how far it is, how long it still takes, and why it failed if it did.
import Alert from "antd/es/alert";
import Progress from "antd/es/progress";
import type { ApiError } from "../api/client";
import type { Task } from "../api/types";
import { count } from "../frame/format";
import { useWords } from "../words/words";
import { ErrorState } from "./states";

export function TaskProgress({ task, error }: { task: Task | undefined; error: ApiError | undefined }) {
  const { t, lang, pick } = useWords();
  if (error) return <ErrorState error={error} />;
  if (task?.state === "cancelled") return <Alert type="info" showIcon message={t("task.cancelled")} />;
  if (task?.state === "failed")
    return <Alert type="error" showIcon message={t("task.failed")} description={task.error ? pick(task.error) : ""} />;
  const percent = task && task.total > 0 ? Math.floor((task.done / task.total) * 100) : 0;
  return (
    <div className="card" role="status" aria-live="polite">
      <p>
        {task ? (lang === "zh" ? task.stage_zh : task.stage_en) : t("task.waiting")}
        {task && task.total > 0 && ` ${count(task.done)} / ${count(task.total)}`}
        {task && task.left_ms !== null && task.left_ms > 0 && t("task.left", { n: Math.ceil(task.left_ms / 1000) })}
      </p>
      <Progress percent={percent} aria-label={t("task.progress")} />
    </div>
  );
}
