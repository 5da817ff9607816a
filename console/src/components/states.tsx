// What stands where the data would: being read, nothing there, not to be had. Each says what to do.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import type { ReactNode } from "react";
import type { Answer } from "../api/use_api";
import type { ApiError } from "../api/client";
import { useWords } from "../words/words";

export function Loading() {
  const { t } = useWords();
  return (
    <div className="loading" role="status">
      <span className="loading-bar" />
      <span>{t("state.loading")}</span>
    </div>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <div className="empty">{children}</div>;
}

function hint(error: ApiError): "state.error_network" | "state.error_denied" | "state.error_missing" | "state.error" {
  if (error.status === 0) return "state.error_network";
  if (error.status === 403) return "state.error_denied";
  return error.status === 404 ? "state.error_missing" : "state.error";
}

export function ErrorState({ error, retry }: { error: ApiError; retry?: () => void }) {
  const { t, pick } = useWords();
  return (
    <Alert
      type="error"
      showIcon
      className="error-state"
      message={t(hint(error))}
      description={pick(error.body)}
      action={retry && <Button onClick={retry}>{t("state.retry")}</Button>}
    />
  );
}

/** Shows what an action was refused for, until it is tried again. */
export function ActionError({ error }: { error: ApiError | undefined }) {
  const { pick } = useWords();
  return error ? <Alert type="error" showIcon className="error-state" message={pick(error.body)} /> : null;
}

/** As Ready, of counts: before the server has read the workspace for the first time it has none, and 0 would be wrong. */
export function Counted<T extends { snapshot: unknown }>({ answer, children }: ReadyProps<T>) {
  const { t } = useWords();
  return (
    <Ready answer={answer}>
      {(data) => (data.snapshot === null ? <Empty>{t("state.first_read")}</Empty> : children(data))}
    </Ready>
  );
}

interface ReadyProps<T> {
  answer: Answer<T>;
  children: (data: T) => ReactNode;
}

/** `children(data)` when there are data; else why not. Old data stay on screen while they are asked again. */
export function Ready<T>({ answer, children }: ReadyProps<T>) {
  if (answer.data !== undefined)
    return (
      <>
        {answer.error && <ErrorState error={answer.error} retry={answer.reload} />}
        {children(answer.data)}
      </>
    );
  if (answer.error) return <ErrorState error={answer.error} retry={answer.reload} />;
  return <Loading />;
}
