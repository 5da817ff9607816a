// The search box of every page: name, part of a name, pinyin, initials, ID number, student number, school. Answers
// while one types; the text goes in the body of the request, never into a URL.
import Input from "antd/es/input";
import SearchOutlined from "@ant-design/icons/SearchOutlined";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { ApiError, call } from "../api/client";
import type { Found } from "../api/types";
import { useWords, type WordKey } from "../words/words";
import { useKeys } from "./keys";
import { useRouter } from "./router";

const TYPING_MS = 120;
const FOUND_MAX = 12;

const MATCHES: Record<string, WordKey> = {
  name: "search.match_name",
  pinyin: "search.match_pinyin",
  initials: "search.match_initials",
  id: "search.match_id",
  student_number: "search.match_student_number",
};

interface Hit {
  to: string;
  main: string;
  rest: string;
  how: string;
}

function useSearch(text: string): { found: Found | undefined; error: ApiError | undefined } {
  const [found, setFound] = useState<Found>();
  const [error, setError] = useState<ApiError>();
  useEffect(() => {
    setError(undefined);
    if (text === "") {
      setFound(undefined);
      return undefined;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => {
      call<Found>("POST", "/api/search", { q: text, limit: FOUND_MAX }, abort.signal).then(setFound, (cause) => {
        if (!abort.signal.aborted && cause instanceof ApiError) setError(cause);
      });
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return { found, error };
}

export function SearchBox() {
  const { t, pick } = useWords();
  const { go, path } = useRouter();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const { found, error } = useSearch(text.trim());
  useKeys({ "/": () => box.current?.querySelector("input")?.focus() });
  useEffect(() => setAt(0), [found]);
  useEffect(() => setOpen(false), [path]);
  const hits: Hit[] = [
    ...(found?.persons ?? []).map((p) => ({
      to: `/persons/${p.person}`,
      main: p.name || t("person.unnamed"),
      rest: [p.birth_date, p.id_number, p.area_name, p.school].filter((part) => part).join(" · "),
      how: MATCHES[p.match] ? t(MATCHES[p.match]) : "",
    })),
    ...(found?.schools ?? []).map((s) => ({
      to: `/schools/${encodeURIComponent(s.code)}`,
      main: s.name,
      rest: s.area_name,
      how: t("search.match_school"),
    })),
  ];
  const choose = (hit: Hit | undefined) => {
    if (!hit) return;
    setOpen(false);
    setText("");
    box.current?.querySelector("input")?.blur();
    go(hit.to);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setAt((n) => Math.min(hits.length - 1, n + 1));
    else if (event.key === "ArrowUp") setAt((n) => Math.max(0, n - 1));
    else if (event.key === "Enter") choose(hits[at]);
    else if (event.key === "Escape") setOpen(false);
    else return;
    event.preventDefault();
  };
  const shown = open && text.trim() !== "";
  return (
    <div
      className="search"
      role="search"
      ref={box}
      onBlur={(event) => {
        if (!box.current?.contains(event.relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <Input
        prefix={<SearchOutlined aria-hidden="true" />}
        placeholder={t("search.placeholder")}
        value={text}
        allowClear
        autoComplete="off"
        role="combobox"
        aria-label={t("search.label")}
        aria-expanded={shown && hits.length > 0}
        aria-controls="search-found"
        aria-autocomplete="list"
        aria-activedescendant={shown && hits[at] ? `hit-${at}` : undefined}
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
        }}
        onKeyDown={pressed}
      />
      <div className={shown ? "search-found" : "search-found hidden"}>
        <ul id="search-found" role="listbox" aria-label={t("search.found")}>
          {shown &&
            hits.map((hit, i) => (
              <li
                key={hit.to}
                id={`hit-${i}`}
                role="option"
                aria-selected={i === at}
                onMouseDown={(event) => event.preventDefault()}
                onMouseEnter={() => setAt(i)}
                onClick={() => choose(hit)}
              >
                <strong>{hit.main}</strong> <span>{hit.rest}</span> <em>{hit.how}</em>
              </li>
            ))}
        </ul>
        {shown && (
          <p role="status">
            {error
              ? pick(error.body)
              : found
                ? hits.length === 0
                  ? t("search.none")
                  : t("search.help")
                : t("state.loading")}
          </p>
        )}
      </div>
    </div>
  );
}
