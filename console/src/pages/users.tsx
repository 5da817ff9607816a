// Users, by the security administrator: who, which role, which areas or school; passwords are shown once.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import Input from "antd/es/input";
import Select from "antd/es/select";
import Checkbox from "antd/es/checkbox";
import { useState } from "react";
import { call } from "../api/client";
import type { AreaName, RoleWord, User } from "../api/types";
import { changed, useAction } from "../api/use_api";
import { Conflict, clashOf, type ClashField } from "../components/conflict";
import { Dialog } from "../components/dialog";
import { AreaPicker, SchoolPicker } from "../components/place_pickers";
import { Mark } from "../components/mark";
import { ListPage, type Column, type Filter } from "../components/list_page";
import { ActionError } from "../components/states";
import { moment } from "../frame/format";
import { useDomain, useWords } from "../words/words";

const NO_FILTERS: Filter[] = [];

interface OneTime {
  one_time_password: string;
}

interface Draft {
  user: string;
  display_name: string;
  role: string;
  areas: AreaName[];
  school: string;
  disabled: boolean;
  /** Of the user as it was when the dialog was opened, or as another left it and was seen here. */
  version: number;
}

const NEW: Draft = { user: "", display_name: "", role: "county", areas: [], school: "", disabled: false, version: 0 };

function draftOf(user: User): Draft {
  return {
    user: user.user,
    display_name: user.display_name,
    role: user.role,
    areas: user.areas,
    school: user.school,
    disabled: user.disabled_ms > 0,
    version: user.version,
  };
}

type Field = "display_name" | "role" | "areas" | "school" | "disabled";
const FIELDS: Field[] = ["display_name", "role", "areas", "school", "disabled"];

/** The fields in which the draft differs from what another wrote, in words. */
function useDifferences() {
  const { t } = useWords();
  const domain = useDomain();
  const labels: Record<Field, string> = {
    display_name: t("users.display_name"),
    role: t("users.role"),
    areas: t("users.areas"),
    school: t("users.school"),
    disabled: t("users.state"),
  };
  const text = (draft: Draft, field: Field): string => {
    if (field === "role") return domain.name("roles", draft.role);
    if (field === "disabled") return draft.disabled ? t("users.disabled") : t("users.active");
    if (field === "areas") return draft.areas.map((area) => area.name).join(t("list.comma")) || "–";
    return draft[field] || "–";
  };
  const key = (draft: Draft, field: Field) =>
    field === "areas" ? draft.areas.map((area) => area.code).sort().join() : String(draft[field]);
  return (theirs: Draft, yours: Draft): ClashField[] =>
    FIELDS.filter((field) => key(theirs, field) !== key(yours, field)).map((field) => ({
      key: field,
      label: labels[field],
      theirs: text(theirs, field),
      yours: text(yours, field),
    }));
}

function Edit({
  draft,
  isNew,
  change,
  close,
  shown,
}: {
  draft: Draft;
  isNew: boolean;
  change: (draft: Draft) => void;
  close: () => void;
  shown: (password: string) => void;
}) {
  const { t } = useWords();
  const domain = useDomain();
  const differences = useDifferences();
  const [wasDisabled, setWasDisabled] = useState(draft.disabled);
  const placeOf = (key: string) => (domain.list("roles") as RoleWord[]).find((role) => role.key === key)?.place;
  const place = placeOf(draft.role);
  const save = useAction(async (wanted: Draft, before: boolean) => {
    const { user, display_name, role, disabled } = wanted;
    const rest = {
      display_name,
      role,
      areas: placeOf(role) === "areas" ? wanted.areas.map((area) => area.code) : [],
      school: placeOf(role) === "school" ? wanted.school : "",
    };
    const path = `/api/users/${encodeURIComponent(user)}`;
    if (isNew) shown((await call<OneTime>("POST", "/api/users", { user, ...rest })).one_time_password);
    else {
      const { version } = await call<User>("PUT", path, { ...rest, version: wanted.version });
      change({ ...wanted, version });
      if (disabled !== before) await call("PUT", `${path}/disabled`, { disabled, version });
    }
    changed();
    close();
  });
  const clash = clashOf<User>(save.error);
  const theirs = clash && draftOf(clash.theirs);
  const text = (id: "user" | "display_name", label: string, off = false) => (
    <>
      <label className="field-label" htmlFor={`edit-${id}`}>
        {label}
      </label>
      <Input
        id={`edit-${id}`}
        value={draft[id]}
        disabled={off}
        onChange={(event) => change({ ...draft, [id]: event.target.value })}
      />
    </>
  );
  return (
    <Dialog
      title={isNew ? t("users.add") : t("users.edit", { user: draft.user })}
      onCancel={close}
      okText={t("users.save")}
      cancelText={t("common.cancel")}
      confirmLoading={save.busy}
      okButtonProps={{ disabled: clash !== undefined }}
      onOk={() => void save.run(draft, wasDisabled)}
    >
      {text("user", t("login.user"), !isNew)}
      {text("display_name", t("users.display_name"))}
      <label className="field-label" htmlFor="edit-role">
        {t("users.role")}
      </label>
      <Select
        id="edit-role"
        style={{ width: "100%" }}
        value={draft.role}
        onChange={(role) => change({ ...draft, role })}
        options={domain.options("roles")}
      />
      {place === "areas" && (
        <>
          <label className="field-label" htmlFor="edit-areas">
            {t("users.areas")}
          </label>
          <AreaPicker id="edit-areas" value={draft.areas} onChange={(areas) => change({ ...draft, areas })} />
        </>
      )}
      {place === "school" && (
        <>
          <label className="field-label" htmlFor="edit-school">
            {t("users.school")}
          </label>
          <SchoolPicker id="edit-school" value={draft.school} onChange={(school) => change({ ...draft, school })} />
        </>
      )}
      {!isNew && (
        <p className="field-label">
          <Checkbox checked={draft.disabled} onChange={(event) => change({ ...draft, disabled: event.target.checked })}>
            {t("users.disabled")}
          </Checkbox>
        </p>
      )}
      {clash && theirs ? (
        <Conflict
          key={theirs.version}
          by={clash.theirs.by}
          at_ms={clash.theirs.at_ms}
          fields={differences(theirs, draft)}
          busy={save.busy}
          keepTheirs={() => {
            changed();
            close();
          }}
          write={(mine) => {
            const merged = { ...theirs };
            for (const field of FIELDS) if (mine(field)) Object.assign(merged, { [field]: draft[field] });
            change(merged);
            setWasDisabled(theirs.disabled);
            void save.run(merged, theirs.disabled);
          }}
        />
      ) : (
        <ActionError error={save.error} />
      )}
    </Dialog>
  );
}

function State({ user }: { user: User }) {
  const { t } = useWords();
  return (
    <>
      {user.disabled_ms > 0 && <Mark colour="red">{t("users.disabled")}</Mark>}
      {user.must_change_password && <Mark colour="gold">{t("users.must_change")}</Mark>}
      {user.second_factor ? <Mark colour="green">{t("users.factor")}</Mark> : <Mark>{t("users.no_factor")}</Mark>}
    </>
  );
}

export default function UsersPage() {
  const { t } = useWords();
  const domain = useDomain();
  const [draft, setDraft] = useState<Draft>();
  const [isNew, setIsNew] = useState(false);
  const [password, setPassword] = useState<string>();
  const reset = useAction(async (user: string) => {
    setPassword(
      (await call<OneTime>("POST", `/api/users/${encodeURIComponent(user)}/reset`)).one_time_password,
    );
    changed();
  });
  const edit = (user: User) => {
    setIsNew(false);
    setDraft(draftOf(user));
  };
  const columns: Column<User>[] = [
    { key: "user", title: t("login.user"), width: 140, render: (row) => <strong>{row.user}</strong> },
    { key: "name", title: t("users.display_name"), render: (row) => row.display_name },
    { key: "role", title: t("users.role"), width: 150, render: (row) => domain.name("roles", row.role) },
    {
      key: "areas",
      title: t("users.areas"),
      render: (row) => row.areas.map((area) => area.name).join(t("list.comma")) || row.school || "–",
    },
    { key: "state", title: t("users.state"), width: 200, render: (row) => <State user={row} /> },
    {
      key: "last",
      title: t("users.last_login"),
      width: 150,
      render: (row) => (row.seen_ms > 0 ? moment(row.seen_ms) : t("users.never")),
    },
    {
      key: "do",
      title: t("users.do"),
      width: 190,
      render: (row) => (
        <>
          <Button size="small" aria-label={t("users.edit", { user: row.user })} onClick={() => edit(row)}>
            {t("users.change")}
          </Button>{" "}
          <Button
            size="small"
            aria-label={t("users.reset_one", { user: row.user })}
            onClick={() => void reset.run(row.user)}
          >
            {t("users.reset")}
          </Button>
        </>
      ),
    },
  ];
  return (
    <>
      <ListPage<User>
        title={t("users.title")}
        lead={t("users.lead")}
        path="/api/users"
        filters={NO_FILTERS}
        columns={columns}
        rowKey={(row) => row.user}
        rowClass={(row) => (row.disabled_ms > 0 ? "undone" : "")}
        actions={() => (
          <Button
            type="primary"
            onClick={() => {
              setIsNew(true);
              setDraft(NEW);
            }}
          >
            {t("users.add")}
          </Button>
        )}
        before={<ActionError error={reset.error} />}
        empty={t("users.empty")}
      />
      {draft && (
        <Edit draft={draft} isNew={isNew} change={setDraft} close={() => setDraft(undefined)} shown={setPassword} />
      )}
      <Dialog
        open={password !== undefined}
        title={t("users.password_title")}
        onCancel={() => setPassword(undefined)}
        footer={[
          <Button key="ok" type="primary" onClick={() => setPassword(undefined)}>
            {t("common.close")}
          </Button>,
        ]}
      >
        <p className="one-time mono">{password}</p>
        <Alert type="warning" showIcon message={t("users.password_text")} />
      </Dialog>
    </>
  );
}
