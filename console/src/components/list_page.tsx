// The pattern of every list: filters and page stand in the URL (so a list can be sent to a colleague and "back" finds
// it again), rows come from one route, J and K walk, X selects, and bulk actions get the rows selected.
import Button from "antd/es/button";
import Input from "antd/es/input";
import Select from "antd/es/select";
import Table from "antd/es/table";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { Rows } from "../api/types";
import { useApi } from "../api/use_api";
import { withQuery } from "../api/client";
import { useKeys } from "../frame/keys";
import { useFilters } from "../frame/router";
import { count } from "../frame/format";
import { useWords } from "../words/words";
import { Page } from "./page";
import { Empty, ErrorState, Loading } from "./states";

const PAGE_SIZE = 50;
const TYPING_MS = 300;

export interface Column<T> {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  width?: number;
  align?: "right";
}

export interface Filter {
  /** The query parameter, on the page and of the route. */
  name: string;
  label: string;
  kind: "select" | "text" | "day";
  options?: { value: string; label: string }[];
  width?: number;
}

export interface ListState<T> {
  query: Record<string, string>;
  rows: T[];
  total: number;
  selected: T[];
  clear: () => void;
}

interface ListPageProps<T> {
  title: string;
  lead?: ReactNode;
  /** The route that answers with rows; it gets the filters and `page`. */
  path: string;
  /** Parameters that are always sent. */
  fixed?: Record<string, string>;
  filters: Filter[];
  columns: Column<T>[];
  rowKey: (row: T) => string;
  rowName?: (row: T) => string;
  rowClass?: (row: T) => string;
  selectable?: boolean;
  actions?: (state: ListState<T>) => ReactNode;
  /** Above the filters: the way to pages beside this one. */
  above?: ReactNode;
  /** Between filters and table. */
  before?: ReactNode;
  empty: ReactNode;
}

function FilterField({ filter, value, onChange }: { filter: Filter; value: string; onChange: (v: string) => void }) {
  const [typed, setTyped] = useState(value);
  const timer = useRef<number>();
  useEffect(() => setTyped(value), [value]);
  const change = (text: string) => {
    setTyped(text);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onChange(text.trim()), filter.kind === "day" ? 0 : TYPING_MS);
  };
  const id = `filter-${filter.name}`;
  return (
    <div className="filter">
      <label htmlFor={id}>{filter.label}</label>
      {filter.kind === "select" ? (
        <Select
          id={id}
          style={{ width: filter.width ?? 150 }}
          value={value}
          showSearch
          optionFilterProp="label"
          onChange={onChange}
          options={filter.options}
        />
      ) : (
        <Input
          id={id}
          type={filter.kind === "day" ? "date" : "text"}
          style={{ width: filter.width ?? 150 }}
          value={typed}
          allowClear={filter.kind === "text"}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </div>
  );
}

function FilterBar({
  filters,
  query,
  set,
}: {
  filters: Filter[];
  query: Record<string, string>;
  set: (changes: Record<string, string>) => void;
}) {
  const { t } = useWords();
  const used = filters.filter((filter) => query[filter.name]);
  if (filters.length === 0) return null;
  return (
    <form className="filters" role="search" aria-label={t("list.filters")} onSubmit={(event) => event.preventDefault()}>
      {filters.map((filter) => (
        <FilterField
          key={filter.name}
          filter={filter}
          value={query[filter.name] ?? ""}
          onChange={(value) => set({ [filter.name]: value })}
        />
      ))}
      {used.length > 0 && (
        <Button onClick={() => set(Object.fromEntries(used.map((filter) => [filter.name, ""])))}>
          {t("list.clear_filters")}
        </Button>
      )}
    </form>
  );
}

/** A checkbox takes any attribute, which its type does not say. */
function named(label: string): { title?: string } {
  return { "aria-label": label } as { title?: string };
}

function rowsOnScreen(): HTMLElement[] {
  return Array.from(document.querySelectorAll<HTMLElement>(".list-table tr[data-row-key]"));
}

function currentRow(rows: HTMLElement[]): number {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

/** J and K move the focus along the rows' links, so that Enter opens. */
function walk(step: number) {
  const rows = rowsOnScreen();
  const at = currentRow(rows);
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  const target = next?.querySelector<HTMLElement>("a[href], button");
  target?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

export function ListPage<T extends object>(props: ListPageProps<T>) {
  const { t } = useWords();
  const [query, set] = useFilters();
  const page = Math.max(1, Number(query.page) || 1);
  const asked = useMemo(() => {
    const wanted: Record<string, string> = { ...props.fixed };
    for (const filter of props.filters) wanted[filter.name] = query[filter.name] ?? "";
    return wanted;
  }, [props.fixed, props.filters, query]);
  const answer = useApi<Rows<T>>(withQuery(props.path, { ...asked, page, page_size: PAGE_SIZE }));
  const [keys, setKeys] = useState<string[]>([]);
  const rows = answer.data?.rows ?? [];
  const total = answer.data?.total ?? 0;
  const selected = rows.filter((row) => keys.includes(props.rowKey(row)));
  useEffect(() => setKeys([]), [asked, page]);
  useKeys({
    j: () => walk(1),
    k: () => walk(-1),
    x: () => {
      const onScreen = rowsOnScreen();
      const key = onScreen[currentRow(onScreen)]?.getAttribute("data-row-key");
      if (key && props.selectable)
        setKeys((now) => (now.includes(key) ? now.filter((other) => other !== key) : [...now, key]));
    },
  });
  const state: ListState<T> = { query: asked, rows, total, selected, clear: () => setKeys([]) };
  return (
    <Page title={props.title} lead={props.lead} actions={props.actions?.(state)}>
      {props.above}
      <FilterBar filters={props.filters} query={query} set={set} />
      {props.before}
      {answer.error && <ErrorState error={answer.error} retry={answer.reload} />}
      {!answer.data && !answer.error && <Loading />}
      {answer.data && (
        <p className="list-count" role="status">
          {t("list.total", { n: count(total) })}
          {selected.length > 0 && `${t("list.separator")}${t("list.selected", { n: selected.length })}`}
        </p>
      )}
      {answer.data && rows.length === 0 && <Empty>{props.empty}</Empty>}
      {rows.length > 0 && (
        <ListTable {...props} rows={rows} total={total} page={page} keys={keys} setKeys={setKeys} set={set} />
      )}
    </Page>
  );
}

interface ListTableProps<T> extends ListPageProps<T> {
  rows: T[];
  total: number;
  page: number;
  keys: string[];
  setKeys: (keys: string[]) => void;
  set: (changes: Record<string, string>) => void;
}

function ListTable<T extends object>(props: ListTableProps<T>) {
  const { t } = useWords();
  return (
    <Table<T>
      className="list-table"
      size="small"
      dataSource={props.rows}
      rowKey={props.rowKey}
      rowClassName={props.rowClass}
      columns={props.columns.map((column) => ({
        key: column.key,
        title: column.title,
        width: column.width,
        align: column.align,
        render: (_: unknown, row: T) => column.render(row),
      }))}
      rowSelection={
        props.selectable
          ? {
              selectedRowKeys: props.keys,
              onChange: (keys) => props.setKeys(keys.map(String)),
              getCheckboxProps: (row) => named(t("list.select", { name: props.rowName?.(row) ?? "" })),
              getTitleCheckboxProps: () => named(t("list.select_page")),
            }
          : undefined
      }
      pagination={{
        current: props.page,
        pageSize: PAGE_SIZE,
        total: props.total,
        hideOnSinglePage: true,
        showSizeChanger: false,
        onChange: (page) => props.set({ page: String(page) }),
      }}
    />
  );
}
