// The areas of the asker as choices, each under the one it belongs to.
import { useMemo } from "react";
import type { Area } from "../api/types";
import { useApi } from "../api/use_api";
import { useWords } from "../words/words";

export interface Choice {
  value: string;
  label: string;
}

export function useAreaChoices(levels?: string[]): Choice[] {
  const { t } = useWords();
  const answer = useApi<{ rows: Area[] }>("/api/areas");
  const rows = answer.data?.rows;
  return useMemo(() => {
    const all = rows ?? [];
    const byCode = new Map(all.map((area) => [area.code, area]));
    const named = (area: Area): string => {
      const parent = area.parent === null ? undefined : byCode.get(area.parent);
      return parent && parent.level !== "prefecture" ? `${named(parent)}${area.name}` : area.name;
    };
    const wanted = levels ? all.filter((area) => levels.includes(area.level)) : all;
    return [{ value: "", label: t("list.all") }, ...wanted.map((area) => ({ value: area.code, label: named(area) }))];
  }, [rows, levels, t]);
}
