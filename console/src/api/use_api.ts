// Reading for pages: what was read last is shown at once while it is asked again (the browser's own cache does the
// ETag), a page that is left aborts its request, and a change anywhere asks everything on screen again.
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, call } from "./client";

const KEPT_MAX = 60;
const MAKING_READY_MS = 2500;
const kept = new Map<string, unknown>();
const listeners = new Set<() => void>();

function keep(path: string, data: unknown) {
  kept.delete(path);
  kept.set(path, data);
  if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value as string);
}

const watchers = new Set<() => void>();

/** Asks everything that is on screen again; called when the server has newer data. */
export function refreshAll() {
  for (const listener of Array.from(listeners)) listener();
}

/** Says that something was changed: what is on screen is asked again, and so is how new the data is. */
export function changed() {
  refreshAll();
  for (const watcher of Array.from(watchers)) watcher();
}

/** Has `action` called after every change; gives what ends that. */
export function onChange(action: () => void): () => void {
  watchers.add(action);
  return () => {
    watchers.delete(action);
  };
}

/** Forgets all that was read; called when somebody logs out. */
export function forgetAll() {
  kept.clear();
}

export interface Answer<T> {
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload: () => void;
}

/** Reads `path`; null reads nothing. `data` is of this path only, never of the one before. */
export function useApi<T>(path: string | null): Answer<T> {
  const [version, setVersion] = useState(0);
  const [answer, setAnswer] = useState<{ path: string | null; data?: T; error?: ApiError; loading: boolean }>(() => ({
    path,
    data: path === null ? undefined : (kept.get(path) as T | undefined),
    loading: path !== null,
  }));
  const reload = useCallback(() => setVersion((n) => n + 1), []);

  useEffect(() => {
    listeners.add(reload);
    return () => {
      listeners.delete(reload);
    };
  }, [reload]);

  useEffect(() => {
    if (path === null) return undefined;
    const abort = new AbortController();
    let retry = 0;
    setAnswer({ path, data: kept.get(path) as T | undefined, loading: true });
    call<T>("GET", path, undefined, abort.signal).then(
      (data) => {
        keep(path, data);
        if (!abort.signal.aborted) setAnswer({ path, data, loading: false });
      },
      (error) => {
        if (abort.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        // The server has just been started and is still making its first snapshot.
        if (error.status === 503) {
          retry = window.setTimeout(reload, MAKING_READY_MS);
          return;
        }
        setAnswer({ path, data: kept.get(path) as T | undefined, error, loading: false });
      },
    );
    return () => {
      abort.abort();
      window.clearTimeout(retry);
    };
  }, [path, version, reload]);

  const current = answer.path === path;
  return {
    data: current ? answer.data : path === null ? undefined : (kept.get(path) as T | undefined),
    error: current ? answer.error : undefined,
    loading: current ? answer.loading : path !== null,
    reload,
  };
}

export interface Action<A extends unknown[]> {
  run: (...args: A) => Promise<boolean>;
  busy: boolean;
  error: ApiError | undefined;
  clear: () => void;
}

/** A change: `run` says whether it went through; while it is under way a second call does nothing. */
export function useAction<A extends unknown[]>(action: (...args: A) => Promise<void>): Action<A> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const running = useRef(false);
  const latest = useRef(action);
  latest.current = action;
  const run = useCallback(async (...args: A) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await latest.current(...args);
      return true;
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setError(cause);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  return { run, busy, error, clear: useCallback(() => setError(undefined), []) };
}
