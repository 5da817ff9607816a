// Short sentences about what just happened, spoken by screen readers, each with "undo" where there is one.
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from "react";
import { useWords } from "../words/words";

const SHOWN_MS = 12000;

interface Notice {
  id: number;
  text: string;
  action?: { text: string; run: () => void };
}

type Notify = (text: string, action?: Notice["action"]) => void;

const NoticeContext = createContext<Notify>(() => undefined);

export function NoticeProvider({ children }: { children: ReactNode }) {
  const { t } = useWords();
  const [notices, setNotices] = useState<Notice[]>([]);
  const next = useRef(1);
  const drop = useCallback((id: number) => setNotices((all) => all.filter((notice) => notice.id !== id)), []);
  const notify = useCallback<Notify>(
    (text, action) => {
      const id = next.current++;
      setNotices((all) => [...all.slice(-2), { id, text, action }]);
      setTimeout(() => drop(id), SHOWN_MS);
    },
    [drop],
  );
  const list = useMemo(
    () =>
      notices.map((notice) => (
        <div className="notice" key={notice.id}>
          <span>{notice.text}</span>
          {notice.action && (
            <button
              type="button"
              onClick={() => {
                notice.action?.run();
                drop(notice.id);
              }}
            >
              {notice.action.text}
            </button>
          )}
          <button type="button" aria-label={t("common.close")} onClick={() => drop(notice.id)}>
            ×
          </button>
        </div>
      )),
    [notices, drop, t],
  );
  return (
    <NoticeContext.Provider value={notify}>
      {children}
      <div className="notices" role="status" aria-live="polite">
        {list}
      </div>
    </NoticeContext.Provider>
  );
}

export function useNotify(): Notify {
  return useContext(NoticeContext);
}
