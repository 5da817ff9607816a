// The progress of something slow: told by the server as it happens, asked for every second where the line breaks.
import { useEffect, useState } from "react";
import { ApiError, call } from "./client";
import type { Task } from "./types";

const ASK_MS = 1000;

const isOver = (task: Task) => task.state !== "waiting" && task.state !== "running";

/** The task as it stands now; `undefined` until the first word of it. */
export function useTask<R>(id: string | null): { task: Task<R> | undefined; error: ApiError | undefined } {
  const [state, setState] = useState<{ id: string | null; task?: Task<R>; error?: ApiError }>({ id });
  useEffect(() => {
    if (id === null) return undefined;
    let left = false;
    let timer = 0;
    const path = `/api/tasks/${encodeURIComponent(id)}`;
    const tell = (task: Task<R>) => {
      if (!left) setState({ id, task });
    };
    const ask = () => {
      call<Task<R>>("GET", path).then(
        (task) => {
          tell(task);
          if (!left && !isOver(task)) timer = window.setTimeout(ask, ASK_MS);
        },
        (cause) => {
          if (!left && cause instanceof ApiError) setState({ id, error: cause });
        },
      );
    };
    const events = new EventSource(`${path}/events`);
    events.onmessage = (event) => {
      const task = JSON.parse(String(event.data)) as Task<R>;
      tell(task);
      if (isOver(task)) events.close();
    };
    events.onerror = () => {
      events.close();
      ask();
    };
    return () => {
      left = true;
      events.close();
      window.clearTimeout(timer);
    };
  }, [id]);
  return state.id === id ? { task: state.task, error: state.error } : { task: undefined, error: undefined };
}
