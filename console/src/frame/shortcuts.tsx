// The keys, shown by "?". The native dialog of old browsers is missing, so this is a plain one with its own focus.
import Button from "antd/es/button";
import { useEffect, useRef } from "react";
import { useWords, type WordKey } from "../words/words";
import type { PageEntry } from "./pages";

const EVERYWHERE: [string, WordKey][] = [
  ["/", "keys.search"],
  ["?", "keys.help"],
  ["J / K", "keys.walk"],
  ["Enter", "keys.open"],
  ["X", "keys.select"],
];

const REVIEW: [string, WordKey][] = [
  ["1", "keys.same"],
  ["2", "keys.different"],
  ["3", "keys.visit"],
  ["J / K", "keys.pairs"],
  ["U", "keys.undo"],
];

export function Shortcuts({ open, close, entries }: { open: boolean; close: () => void; entries: PageEntry[] }) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const before = document.activeElement as HTMLElement | null;
    box.current?.querySelector("button")?.focus();
    const pressed = (event: KeyboardEvent) => {
      if (event.key === "Escape") close();
      if (event.key !== "Tab") return;
      event.preventDefault();
      box.current?.querySelector("button")?.focus();
    };
    window.addEventListener("keydown", pressed);
    return () => {
      window.removeEventListener("keydown", pressed);
      before?.focus();
    };
  }, [open, close]);
  if (!open) return null;
  const list = (rows: [string, string][]) => (
    <dl className="keys">
      {rows.map(([key, text]) => (
        <div key={key + text}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
  const go: [string, string][] = [];
  for (const entry of entries) if (entry.menu) go.push([`G ${entry.menu.key.toUpperCase()}`, t(entry.menu.name)]);
  return (
    <div className="shade" onClick={close}>
      <div
        className="dialog"
        role="dialog"
        aria-modal="true"
        aria-labelledby="keys-title"
        ref={box}
        onClick={(event) => event.stopPropagation()}
      >
        <h2 id="keys-title">{t("keys.title")}</h2>
        <div className="keys-columns">
          <div>
            <h3>{t("keys.everywhere")}</h3>
            {list(EVERYWHERE.map(([key, word]) => [key, t(word)]))}
            <h3>{t("keys.review")}</h3>
            {list(REVIEW.map(([key, word]) => [key, t(word)]))}
          </div>
          <div>
            <h3>{t("keys.go")}</h3>
            {list(go)}
          </div>
        </div>
        <Button onClick={close}>{t("common.close")}</Button>
      </div>
    </div>
  );
}
