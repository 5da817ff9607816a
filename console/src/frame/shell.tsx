// What stands around every page: skip link, search, menu, who one is, how new the data is.
import Button from "antd/es/button";
import { Suspense, useEffect, useRef, useState } from "react";
import { Loading } from "../components/states";
import { useWords } from "../words/words";
import { moment } from "./format";
import { useKeys } from "./keys";
import { pages, type PageEntry } from "./pages";
import { Link, matchPath, useRouter } from "./router";
import { SearchBox } from "./search_box";
import { useSession } from "./session";
import { Shortcuts } from "./shortcuts";
import type { Mode } from "./theme";
import { Page } from "../components/page";
import { Empty } from "../components/states";

const SEQUENCE_MS = 1500;

function useVisiblePages(): PageEntry[] {
  const { may } = useSession();
  return pages.filter((entry) => entry.capability === null || may(entry.capability));
}

function Snapshot() {
  const { snapshot } = useSession();
  const { t } = useWords();
  if (!snapshot) return null;
  return (
    <span className="snapshot" role="status" title={t("shell.made", { at: moment(snapshot.made_ms) })}>
      {snapshot.refreshing ? t("shell.refreshing") : t("shell.as_of", { at: snapshot.at })}
    </span>
  );
}

interface HeaderProps {
  mode: Mode;
  toggleMode: () => void;
  keys: () => void;
  /** The chapter of the guide about the page that is open. */
  help: string;
}

function Header({ mode, toggleMode, keys, help }: HeaderProps) {
  const { t, lang, setLang } = useWords();
  const { session, may, logOut } = useSession();
  return (
    <header className="shell-head">
      <Link to="/" className="brand">
        {t("product.name")}
      </Link>
      {may("look") && <SearchBox />}
      <Snapshot />
      <span className="grow" />
      <Button type="text" lang={lang === "zh" ? "en" : "zh-CN"} onClick={() => setLang(lang === "zh" ? "en" : "zh")}>
        {lang === "zh" ? "English" : "中文"}
      </Button>
      <Button type="text" onClick={toggleMode}>
        {mode === "dark" ? t("shell.light") : t("shell.dark")}
      </Button>
      <Button type="text" onClick={keys} aria-keyshortcuts="?">
        {t("shell.keys")}
      </Button>
      <Link to={`/guide?page=${help}`} className="head-link">
        {t("shell.help")}
      </Link>
      <Link to="/account" className="who">
        {session?.display_name} <span>{lang === "zh" ? session?.role_zh : session?.role_en}</span>
      </Link>
      <Button type="text" onClick={() => void logOut()}>
        {t("shell.log_out")}
      </Button>
    </header>
  );
}

function Menu({ entries }: { entries: PageEntry[] }) {
  const { t } = useWords();
  const { path } = useRouter();
  return (
    <nav className="menu" aria-label={t("shell.menu")}>
      <ul>
        {entries.map((entry) => {
          if (!entry.menu) return null;
          const inside = entry.path !== "/" && path.startsWith(`${entry.path}/`);
          const here = path === entry.path || inside;
          return (
            <li key={entry.path}>
              <Link to={entry.path} aria-current={here ? "page" : undefined}>
                {t(entry.menu.name)}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** G, then the letter of a page, opens it. */
function useGoKeys(entries: PageEntry[]) {
  const { go } = useRouter();
  const pressed = useRef(0);
  const letters: Record<string, () => void> = {};
  for (const entry of entries) if (entry.menu) letters[entry.menu.key] = () => go(entry.path);
  useKeys({ g: () => (pressed.current = Date.now()) });
  useEffect(() => {
    const second = (event: KeyboardEvent) => {
      if (Date.now() - pressed.current > SEQUENCE_MS || event.key === "g") return;
      pressed.current = 0;
      const action = letters[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      action();
    };
    window.addEventListener("keydown", second, true);
    return () => window.removeEventListener("keydown", second, true);
  });
}

function NotFound() {
  const { t } = useWords();
  return (
    <Page title={t("missing.title")}>
      <Empty>
        {t("missing.text")} <Link to="/">{t("missing.home")}</Link>
      </Empty>
    </Page>
  );
}

export function Shell({ mode, toggleMode }: { mode: Mode; toggleMode: () => void }) {
  const { t } = useWords();
  const { path, go } = useRouter();
  const visible = useVisiblePages();
  const [help, setHelp] = useState(false);
  const found = visible
    .map((entry) => ({ entry, params: matchPath(entry.path, path) }))
    .find((candidate) => candidate.params !== null);
  const home = visible.find((entry) => entry.menu)?.path;
  useEffect(() => {
    if (path === "/" && home && home !== "/") go(home, true);
  }, [path, home, go]);
  useGoKeys(visible);
  useKeys({ "?": () => setHelp(true) });
  const Found = found?.entry.page;
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t("shell.skip")}
      </a>
      <Header mode={mode} toggleMode={toggleMode} keys={() => setHelp(true)} help={found?.entry.help ?? "queue"} />
      <Menu entries={visible} />
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          {Found && found.params ? <Found key={found.entry.path} params={found.params} /> : <NotFound />}
        </Suspense>
      </main>
      <Shortcuts open={help} close={() => setHelp(false)} entries={visible} />
    </div>
  );
}
