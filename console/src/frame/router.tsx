// A small router over the browser's history: paths with ":name" parts, filters in the query, focus on the heading of
// the page that was opened.
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  type AnchorHTMLAttributes,
  type MouseEvent,
  type ReactNode,
} from "react";

export interface Place {
  path: string;
  query: URLSearchParams;
}

interface Router extends Place {
  /** Whether a link was followed since the console was loaded: only then the focus is moved. */
  moved: boolean;
  go: (to: string, replace?: boolean) => void;
}

const RouterContext = createContext<Router | null>(null);

function here(): Place {
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}

export function RouterProvider({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState(here);
  const [moved, setMoved] = useState(false);
  useEffect(() => {
    const changed = () => {
      setPlace(here());
      setMoved(true);
    };
    window.addEventListener("popstate", changed);
    return () => window.removeEventListener("popstate", changed);
  }, []);
  const go = useCallback((to: string, replace = false) => {
    const before = window.location.pathname;
    if (replace) window.history.replaceState(null, "", to);
    else window.history.pushState(null, "", to);
    setPlace(here());
    if (!replace) setMoved(true);
    if (window.location.pathname !== before) window.scrollTo(0, 0);
  }, []);
  const value = useMemo(() => ({ ...place, moved, go }), [place, moved, go]);
  return <RouterContext.Provider value={value}>{children}</RouterContext.Provider>;
}

export function useRouter(): Router {
  const value = useContext(RouterContext);
  if (!value) throw new Error("useRouter outside RouterProvider");
  return value;
}

/** The parts of `path` named by `pattern` ("/persons/:person"), or null when it is another page. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i].startsWith(":")) {
      if (given[i] === "") return null;
      try {
        found[wanted[i].slice(1)] = decodeURIComponent(given[i]);
      } catch {
        return null;
      }
    } else if (wanted[i] !== given[i]) return null;
  }
  return found;
}

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: string;
}

export function Link({ to, onClick, ...rest }: LinkProps) {
  const { go } = useRouter();
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !plain) return;
    event.preventDefault();
    go(to);
  };
  return <a href={to} onClick={click} {...rest} />;
}

/** The query as filters: `set` replaces what it names, drops empty values and goes back to the first page. */
export function useFilters(): [Record<string, string>, (changes: Record<string, string>) => void] {
  const { path, query, go } = useRouter();
  const values = useMemo(() => {
    const found: Record<string, string> = {};
    query.forEach((value, key) => {
      found[key] = value;
    });
    return found;
  }, [query]);
  const set = useCallback(
    (changes: Record<string, string>) => {
      const next = new URLSearchParams(window.location.search);
      if (!("page" in changes)) next.delete("page");
      for (const key of Object.keys(changes)) {
        if (changes[key] === "") next.delete(key);
        else next.set(key, changes[key]);
      }
      const text = next.toString();
      go(text === "" ? path : `${path}?${text}`, true);
    },
    [path, go],
  );
  return [values, set];
}
