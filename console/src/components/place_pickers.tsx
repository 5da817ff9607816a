// Where a user belongs: areas from the tree of divisions, a school from the list; both are found by name or code as one
// types. The tree comes down to townships at once; villages, and what lies elsewhere, when it is opened or found.
import Select from "antd/es/select";
import TreeSelect from "antd/es/tree-select";
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { call, withQuery } from "../api/client";
import type { AreaName, DivisionNode, SchoolName } from "../api/types";
import { useApi } from "../api/use_api";
import { useWords } from "../words/words";
import { ErrorState } from "./states";

const PATH = "/api/places/divisions";
const TYPING_MS = 250;
// Open from the start: what has few parts.
const OPEN_LEVELS = ["province", "prefecture"];

interface TreeNode {
  id: string;
  pId: string | null;
  value: string;
  title: ReactNode;
  isLeaf: boolean;
  found_by: string;
  path: string;
}

interface Chosen {
  value: string;
  label?: ReactNode;
}

/** Escape closes the list that is open, and not the dialog around it. */
function useOwnEscape() {
  const [shown, setShown] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && shown) event.stopPropagation();
  };
  return { onKeyDown, onOpenChange: setShown };
}

/** Calls `action` with the last value when nothing more was typed for a moment. */
function useTyped(action: (text: string) => void): (text: string) => void {
  const timer = useRef<number>();
  return (text) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => action(text.trim()), TYPING_MS);
  };
}

/** All divisions that are known by now, and how to know more. */
function useDivisions(top: DivisionNode[]) {
  const [more, setMore] = useState<DivisionNode[]>([]);
  const nodes = useMemo(() => {
    const byCode = new Map([...top, ...more].map((node) => [node.code, node]));
    const pathOf = (node: DivisionNode): string => {
      const parent = node.parent === null ? undefined : byCode.get(node.parent);
      return parent && !OPEN_LEVELS.includes(parent.level) ? pathOf(parent) + node.name : node.name;
    };
    const codes = Array.from(byCode.keys()).sort();
    return codes.map((code): TreeNode => {
      const node = byCode.get(code) as DivisionNode;
      const title = (
        <>
          {node.name} <span className="help mono">{code}</span>
        </>
      );
      return {
        id: code,
        pId: node.parent,
        value: code,
        title,
        isLeaf: !node.more,
        found_by: node.name + code,
        path: pathOf(node),
      };
    });
  }, [top, more]);
  const learn = async (query: Record<string, string>) => {
    const { rows } = await call<{ rows: DivisionNode[] }>("GET", withQuery(PATH, query));
    setMore((known) => [...known, ...rows]);
  };
  return { nodes, learn };
}

function Tree({ id, top, value, onChange }: AreaPickerProps & { top: DivisionNode[] }) {
  const { t } = useWords();
  const escape = useOwnEscape();
  const { nodes, learn } = useDivisions(top);
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(() =>
    top.filter((node) => OPEN_LEVELS.includes(node.level)).map((node) => node.code),
  );
  // What cannot be fetched now is simply not found; the next letter asks again.
  const search = useTyped((text) => text !== "" && void learn({ q: text }).catch(() => undefined));
  return (
    <TreeSelect<Chosen[], TreeNode>
      id={id}
      style={{ width: "100%" }}
      multiple
      showSearch
      labelInValue
      treeDataSimpleMode
      treeData={nodes}
      treeNodeLabelProp="path"
      treeExpandedKeys={typed === "" ? open : nodes.map((node) => node.id)}
      onTreeExpand={(keys) => typed === "" && setOpen(keys.map(String))}
      treeNodeFilterProp="found_by"
      // The field says that it controls this list, which the library does not name.
      popupRender={(tree) => <div id={`${id}_list`}>{tree}</div>}
      placeholder={t("users.areas_help")}
      notFoundContent={t("users.place_none")}
      {...escape}
      onSearch={(text) => {
        setTyped(text.trim());
        search(text);
      }}
      loadData={(node) => learn({ below: String(node.value) }).catch(() => undefined)}
      value={value.map((area) => ({ value: area.code, label: area.name }))}
      onChange={(chosen) =>
        onChange(
          chosen.map(({ value: code, label }) => ({
            code,
            name: nodes.find((node) => node.value === code)?.path ?? String(label ?? code),
          })),
        )
      }
    />
  );
}

interface AreaPickerProps {
  id: string;
  value: AreaName[];
  onChange: (areas: AreaName[]) => void;
}

export function AreaPicker(props: AreaPickerProps) {
  const answer = useApi<{ rows: DivisionNode[] }>(PATH);
  if (answer.error) return <ErrorState error={answer.error} retry={answer.reload} />;
  if (!answer.data) return <TreeSelect id={props.id} style={{ width: "100%" }} loading disabled />;
  return <Tree {...props} top={answer.data.rows} />;
}

interface SchoolPickerProps {
  id: string;
  value: string;
  onChange: (code: string) => void;
}

export function SchoolPicker({ id, value, onChange }: SchoolPickerProps) {
  const { t } = useWords();
  const [asked, setAsked] = useState(value);
  const escape = useOwnEscape();
  const search = useTyped(setAsked);
  const answer = useApi<{ rows: SchoolName[] }>(withQuery("/api/places/schools", { q: asked }));
  const options = (answer.data?.rows ?? []).map((school) => ({
    value: school.code,
    label: `${school.name} (${school.area_name} ${school.code})`,
  }));
  return (
    <Select
      id={id}
      style={{ width: "100%" }}
      showSearch
      filterOption={false}
      loading={answer.loading}
      placeholder={t("users.school_help")}
      notFoundContent={answer.loading ? t("state.loading") : t("users.place_none")}
      {...escape}
      onSearch={search}
      value={value || undefined}
      onChange={onChange}
      options={options}
    />
  );
}
