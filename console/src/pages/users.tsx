// Users, by the security administrator: who, which role, which areas or school; passwords are shown once.
import Alert from "antd/es/alert";
import Button from "antd/es/button";
import Input from "antd/es/input";
import Modal from "antd/es/modal";
import Select from "antd/es/select";
import Checkbox from "antd/es/checkbox";
import { useState } from "react";
import { call } from "../api/client";
import type { AreaName, RoleWord, User } from "../api/types";
import { changed, useAction } from "../api/use_api";
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
}

const NEW: Draft = { user: "", display_name: "", role: "county", areas: [], school: "", disabled: false };

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
  const [wasDisabled] = useState(draft.disabled);
  const place = (domain.list("roles") as RoleWord[]).find((role) => role.key === draft.role)?.place;
  const save = useAction(async () => {
    const { user, display_name, role, disabled } = draft;
    const rest = {
      display_name,
      role,
      areas: place === "areas" ? draft.areas.map((area) => area.code) : [],
      school: place === "school" ? draft.school : "",
    };
    const path = `/api/users/${encodeURIComponent(user)}`;
    if (isNew) shown((await call<OneTime>("POST", "/api/users", { user, ...rest })).one_time_password);
    else {
      await call("PUT", path, rest);
      if (disabled !== wasDisabled) await call("PUT", `${path}/disabled`, { disabled });
    }
    changed();
    close();
  });
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
    <Modal
      open
      title={isNew ? t("users.add") : t("users.edit", { user: draft.user })}
      onCancel={close}
      okText={t("users.save")}
      cancelText={t("common.cancel")}
      confirmLoading={save.busy}
      onOk={() => void save.run()}
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
      <ActionError error={save.error} />
    </Modal>
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
    setDraft({
      user: user.user,
      display_name: user.display_name,
      role: user.role,
      areas: user.areas,
      school: user.school,
      disabled: user.disabled_ms > 0,
    });
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
      <Modal
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
      </Modal>
    </>
  );
}
