// Who is logged in and what they may do, and how new the data is. While the server brings the data up to date it is
// asked every few seconds; then everything on screen is read again.
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { ApiError, call, setLogOut, setToken } from "../api/client";
import { forgetAll, onChange, refreshAll } from "../api/use_api";
import type { Capability, Session, SnapshotInfo, Summary } from "../api/types";

const ASK_MS = 60000;
const ASK_REFRESHING_MS = 2500;

interface SessionState {
  session: Session | null;
  /** How new the data is; null while nothing is known of it. */
  snapshot: SnapshotInfo | null;
  /** False until the server has said whether somebody is logged in. */
  known: boolean;
  error: ApiError | undefined;
  /** The day before which what was opened is not new for this person. */
  lastVisit: string;
  may: (capability: Capability) => boolean;
  setSession: (session: Session | null) => void;
  askAgain: () => Promise<void>;
  logOut: () => Promise<void>;
}

const SessionContext = createContext<SessionState | null>(null);

/** The day of the visit before this one, kept in this browser for each user; no name or number is kept. */
function visitBefore(user: string, today: string): string {
  const key = `baoxue.visit.${user}`;
  try {
    const [last, before] = (localStorage.getItem(key) ?? "").split(" ");
    if (last === today) return before ?? "";
    localStorage.setItem(key, `${today} ${last ?? ""}`);
    return last ?? "";
  } catch {
    return "";
  }
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSessionState] = useState<Session | null>(null);
  const [known, setKnown] = useState(false);
  const [error, setError] = useState<ApiError>();
  const [lastVisit, setLastVisit] = useState("");
  const [snapshot, setSnapshot] = useState<SnapshotInfo | null>(null);
  const number = useRef<number>();
  const user = useRef("");

  const setSession = useCallback((next: Session | null) => {
    setToken(next ? next.token : "");
    if (!next || next.user !== user.current) forgetAll();
    if (next && next.user !== user.current) {
      setLastVisit(visitBefore(next.user, new Date().toISOString().slice(0, 10)));
      setSnapshot(null);
      number.current = undefined;
    }
    user.current = next ? next.user : "";
    setSessionState(next);
    setKnown(true);
    setError(undefined);
  }, []);

  const askAgain = useCallback(async () => {
    try {
      setSession(await call<Session>("GET", "/api/session"));
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      if (cause.status === 401) setSession(null);
      else setError(cause);
    }
  }, [setSession]);

  const logOut = useCallback(async () => {
    try {
      await call("DELETE", "/api/session");
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
    }
    setSession(null);
  }, [setSession]);

  useEffect(() => {
    setLogOut(() => setSession(null));
    void askAgain();
  }, [askAgain, setSession]);

  const looks = session !== null && !session.must_change_password && session.capabilities.includes("look");
  const askSnapshot = useCallback(async () => {
    try {
      const { snapshot: now } = await call<Summary>("GET", "/api/summary");
      setSnapshot(now);
      const before = number.current;
      number.current = now?.number ?? 0;
      if (before !== undefined && before !== now?.number) refreshAll();
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
    }
  }, []);
  const refreshing = snapshot === null || snapshot?.refreshing === true;
  useEffect(() => {
    if (!looks) return undefined;
    if (number.current === undefined) void askSnapshot();
    const stop = onChange(() => void askSnapshot());
    const timer = setInterval(
      () => {
        if (!document.hidden) void askSnapshot();
      },
      refreshing ? ASK_REFRESHING_MS : ASK_MS,
    );
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [looks, refreshing, askSnapshot]);

  const value = useMemo<SessionState>(
    () => ({
      session,
      snapshot,
      known,
      error,
      lastVisit,
      setSession,
      askAgain,
      logOut,
      may: (capability) => session !== null && session.capabilities.includes(capability),
    }),
    [session, snapshot, known, error, lastVisit, setSession, askAgain, logOut],
  );
  return <SessionContext.Provider value={value}>{children}</SessionContext.Provider>;
}

export function useSession(): SessionState {
  const value = useContext(SessionContext);
  if (!value) throw new Error("useSession outside SessionProvider");
  return value;
}
