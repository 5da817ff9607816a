// The words of the pages in both languages (zh.json, en.json: the same keys) and those of the domain, which the
// server has (/api/words), so that there is no second list of kinds, reasons, registers and fields.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import type { NoteWord, RegisterWord, Word, Words } from "../api/types";
import zh from "./zh.json";
import en from "./en.json";

export type Lang = "zh" | "en";
export type WordKey = keyof typeof zh;
export type Say = (key: WordKey, values?: Record<string, string | number>) => string;

const texts: Record<Lang, Record<WordKey, string>> = { zh, en };

interface Language {
  lang: Lang;
  setLang: (lang: Lang) => void;
  t: Say;
  /** The text of an answer that has both languages. */
  pick: (text: { zh: string; en: string }) => string;
}

const LanguageContext = createContext<Language | null>(null);
const KEY = "baoxue.lang";

function remembered(): Lang {
  try {
    return localStorage.getItem(KEY) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [lang, setLangState] = useState<Lang>(remembered);
  const setLang = useCallback((next: Lang) => {
    setLangState(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // A browser that keeps nothing starts in Chinese the next time.
    }
  }, []);
  useEffect(() => {
    document.documentElement.lang = lang === "en" ? "en" : "zh-CN";
  }, [lang]);
  const value = useMemo<Language>(() => {
    const t: Say = (key, values) => {
      const text = texts[lang][key];
      return values ? text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? "")) : text;
    };
    return { lang, setLang, t, pick: (text) => text[lang] };
  }, [lang, setLang]);
  return <LanguageContext.Provider value={value}>{children}</LanguageContext.Provider>;
}

export function useWords(): Language {
  const value = useContext(LanguageContext);
  if (!value) throw new Error("useWords outside LanguageProvider");
  return value;
}

type DomainList = Exclude<keyof Words, "notes">;

export interface Domain {
  /** What `key` of a list is called; the key itself while the words are not there or do not have it. */
  name: (list: DomainList, key: string) => string;
  note: (code: string) => string;
  /** What a register calls a field, and the fields that it has. */
  field: (register: string, key: string) => string;
  fields: (register: string) => Word[];
  /** A value that the program keeps as a key ("M", "primary:1", "absent") in words; others as they are. */
  value: (register: string, field: string, value: string) => string;
  list: (list: DomainList) => Word[];
  /** A list as choices of a field. */
  options: (list: DomainList) => { value: string; label: string }[];
}

const DomainContext = createContext<Words | undefined>(undefined);

export function DomainProvider({ words, children }: { words: Words | undefined; children: ReactNode }) {
  return <DomainContext.Provider value={words}>{children}</DomainContext.Provider>;
}

export function useDomain(): Domain {
  const words = useContext(DomainContext);
  const { lang, t } = useWords();
  return useMemo(() => {
    const maps = new Map<string, Map<string, Word | NoteWord>>();
    for (const list of Object.keys(words ?? {}) as (keyof Words)[]) {
      const entries = (words as Words)[list] as (Word | NoteWord)[];
      maps.set(list, new Map(entries.map((word) => ["key" in word ? word.key : word.code, word])));
    }
    const fieldOf = (register: string, key: string) => {
      const found = maps.get("registers")?.get(register) as RegisterWord | undefined;
      return found?.fields.find((field) => field.key === key);
    };
    const find = (list: string, key: string) => maps.get(list)?.get(key)?.[lang] ?? key;
    return {
      name: (list, key) => (key === "" ? "" : find(list, key)),
      note: (code) => find("notes", code),
      field: (register, key) => fieldOf(register, key)?.[lang] ?? find("fields", key),
      fields: (register) => (maps.get("registers")?.get(register) as RegisterWord | undefined)?.fields ?? [],
      value: (register, field, value) => {
        if (field === "sex" && value === "M") return t("person.male");
        if (field === "sex" && value === "F") return t("person.female");
        const choice = fieldOf(register, field)?.choices.find((word) => word.key === value);
        if (choice) return choice[lang];
        const grade = /^([a-z]+):(\d+)$/.exec(value);
        if (!grade) return value;
        const stage = find("stages", grade[1]);
        return grade[2] === "0" ? stage : t("person.grade", { stage, n: grade[2] });
      },
      list: (list) => words?.[list] ?? [],
      options: (list) => (words?.[list] ?? []).map((word) => ({ value: word.key, label: word[lang] })),
    };
  }, [words, lang, t]);
}
