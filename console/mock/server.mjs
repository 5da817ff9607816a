// The API with made-up data, for developing pages without the program: node mock/server.mjs [PORT [FOLDER]].
// With FOLDER (dist) it also serves the built console, under the same headers as the program.
import { createServer } from "node:http";
import { randomBytes } from "node:crypto";
import { answer, page } from "./http.mjs";
import { words, areas, schools, persons, findings, reviews, random } from "./data.mjs";

const port = Number(process.argv[2] ?? 8621);
const folder = process.argv[3];
const PASSWORD = "correct horse battery";
const ROLES = {
  school: ["look", "import"],
  township: ["look", "review", "export"],
  county: ["look", "reveal", "import", "review", "export"],
  city: ["look", "reveal", "import", "review", "export"],
  finance: ["look"],
  auditor: ["audit"],
  security: ["users"],
  system: ["system"],
};
const users = Object.keys(ROLES).map((role) => ({
  user: role,
  display_name: words.roles.find((r) => r.key === role).zh,
  role,
  areas: ["county", "township"].includes(role) ? [{ code: "620422", name: "会宁县" }] : role === "city" ? [{ code: "620400", name: "白银市" }] : [],
  school: role === "school" ? schools[20].code : "",
  made_ms: 0,
  disabled_ms: 0,
  must_change_password: false,

  second_factor: role === "city",
  seen_ms: 0,
}));
users.push({ ...users[2], user: "new", display_name: "新来的" }, { ...users[2], user: "colleague", display_name: "同事" });
const mustChange = new Set(["new"]);
const sessions = new Map();
const audit = [];
const approvals = [];
const uploads = new Map();
const tasks = new Map();
let batches = [1, 2, 3].map((batch) => ({
  batch,
  file: `会宁县户籍_${batch}.xlsx`,
  register: ["population", "roll", "attending"][batch - 1],
  at: "2020-09-15",
  imported_ms: Date.UTC(2020, 8, 16, 1, batch),
  user: "county",
  rows: 1200,
  accepted: 1180,
  warned: 14,
  rejected: 6,
  ended: 0,
  undone: false,
}));
const snapshot = { number: 1, at: "2020-11-25", made_ms: Date.now() - 3600000, refreshing: false };

class Refused extends Error {
  constructor(status, kind, zh, en, extra) {
    super(en);
    Object.assign(this, { status, kind, zh, en, extra });
  }
}
const missing = () => new Refused(404, "not_found", "没有这一项", "there is no such thing");

function note(who, action, object, reason = "") {
  audit.unshift({ number: audit.length + 1, at_ms: Date.now(), user: who, action, object, reason });
}

function refresh() {
  snapshot.refreshing = true;
  setTimeout(() => Object.assign(snapshot, { number: snapshot.number + 1, made_ms: Date.now(), refreshing: false }), 1500);
}

function sessionOf(user, token) {
  const role = words.roles.find((r) => r.key === user.role);
  return {
    ...user,
    role_zh: role.zh,
    role_en: role.en,
    capabilities: ROLES[user.role],
    token,
    must_change_password: mustChange.has(user.user),
  };
}

function logIn({ user, password, code }) {
  const found = users.find((u) => u.user === user && !u.disabled_ms);
  if (!found || password !== PASSWORD) throw new Refused(401, "denied", "用户名或密码不对", "the user name or the password is wrong");
  if (found.second_factor && code !== "123456") throw new Refused(401, "second_factor", "请输入动态验证码", "the code of the second factor is wanted");
  const cookie = randomBytes(32).toString("hex");
  const token = randomBytes(16).toString("hex");
  sessions.set(cookie, { user: found, token });
  found.seen_ms = Date.now();
  note(user, "log_in", "");
  return { cookie, body: sessionOf(found, token) };
}

function listed(rows, query, size = 50) {
  const page = Number(query.get("page") || 1);
  const pageSize = Number(query.get("page_size") || size);
  return { rows: rows.slice((page - 1) * pageSize, page * pageSize), total: rows.length, page, page_size: pageSize };
}

function wanted(query) {
  const is = (key, value) => !query.get(key) || query.get(key) === value;
  return findings.filter(
    (f) =>
      is("kind", f.kind) &&
      is("queue", f.queue) &&
      is("status", f.status) &&
      is("school", f.school) &&
      (!query.get("area") || f.area.startsWith(query.get("area").replace(/0+$/, ""))) &&
      (!query.get("opened_since") || f.opened >= query.get("opened_since")) &&
      (!query.get("opened_until") || f.opened <= query.get("opened_until")) &&
      Number(f.probability) >= Number(query.get("min_probability") || 0),
  );
}

function summary(query) {
  const area = query.get("area") || "620400";
  const counts = new Map();
  for (const f of wanted(new URLSearchParams({ area }))) {
    const key = [f.kind, f.queue, f.status].join(" ");
    const row = counts.get(key) || { kind: f.kind, queue: f.queue, status: f.status, count: 0, expected: 0 };
    row.count++;
    row.expected += Number(f.probability);
    counts.set(key, row);
  }
  const children = areas
    .filter((a) => a.parent === area)
    .map((a) => {
      const kinds = {};
      for (const f of wanted(new URLSearchParams({ area: a.code }))) kinds[f.kind] = (kinds[f.kind] || 0) + 1;
      return { code: a.code, name: a.name, level: a.level, expected: a.children_expected, findings: kinds };
    });
  return {
    snapshot,
    expected: 9120,
    on_roll: 8702,
    finished: 160,
    lawful: 131,
    reported_schooled: 17,
    not_enrolled: 110,
    findings: Array.from(counts.values(), ({ expected, ...row }) => ({ ...row, expected_true: expected.toFixed(6) })),
    areas: children,
    reviews: reviews.filter((r) => !r.verdict).length,
    imports: { last_ms: Date.UTC(2020, 10, 20), rejected_open: 18 },
  };
}

function search({ q, limit }) {
  const text = q.toLowerCase();
  return {
    persons: persons
      .filter((p) => p.name.includes(text) || p.full_id.startsWith(text) || p.full_id.endsWith(text))
      .slice(0, limit || 20)
      .map((p) => ({
        person: p.person,
        name: p.name,
        birth_date: p.birth_date,
        sex: p.sex,
        id_number: p.id_number,
        area_name: p.area_name,
        school: "",
        match: p.name.includes(text) ? "name" : "id",
      })),
    schools: schools
      .filter((s) => s.name.includes(text))
      .slice(0, 4)
      .map(({ code, name, area_name }) => ({ code, name, area_name })),
  };
}

function startTask(kind, finish) {
  const task = {
    task: randomBytes(4).toString("hex"),
    kind,
    state: "running",
    stage_zh: "正在读取",
    stage_en: "reading",
    done: 0,
    total: 1000,
    left_ms: 1200,
    error: null,
    result: null,
    seen: [],
  };
  tasks.set(task.task, task);
  const timer = setInterval(() => {
    task.done += 250;
    if (task.done >= task.total) {
      clearInterval(timer);
      Object.assign(task, { state: "done", left_ms: 0, result: finish() });
    }
    task.seen.forEach((tell) => tell());
  }, 200);
  return task.task;
}
const publicTask = ({ seen, ...task }) => task;

function dryRun(names) {
  const headings = ["序号", "姓名", "身份证号", "出生日期", "监护人", "备注"];
  const fields = [null, "name", "id_number", "birth_date", "guardian_name", null];
  return names.map((file) => ({
    file,
    register: "population",
    register_zh: "户籍人口",
    at: "2020-09-15",
    status: "dry_run",
    rows: 812,
    accepted: 800,
    warned: 9,
    rejected: 3,
    scope: "会宁县",
    error: null,
    would_end: 4,
    sheets: [
      {
        name: "Sheet1",
        header_row: 3,
        rows: 812,
        columns: headings.map((heading, place) => ({
          place,
          heading,
          field: fields[place],
          sample: [String(place + 1), persons[place].name, persons[place + 4].name],
        })),
      },
    ],
    rows_with_notes: [
      {
        sheet: "Sheet1",
        row: 17,
        rejected: false,
        notes: [{ column: 2, code: "id_wrong_check" }],
        cells: ["14", "王小明", "620422201001010011", "2010-01-01", "王建军", ""],
      },
      {
        sheet: "Sheet1",
        row: 42,
        rejected: false,
        notes: [{ column: 3, code: "date_unreadable" }],
        cells: ["39", "李思远", "620422201102030027", "二〇一一", "李强", ""],
      },
      {
        sheet: "Sheet1",
        row: 88,
        rejected: true,
        notes: [{ column: null, code: "row_names_nobody" }],
        cells: ["85", "", "", "2012-05-06", "张三", "转来"],
      },
    ],
  }));
}

// Each route: method, path, capability (null: any session), handler(context).
const routes = [
  [
    "DELETE",
    "/api/session",
    null,
    (c) => {
      sessions.delete(c.cookie);
      return null;
    },
  ],
  [
    "PUT",
    "/api/session/password",
    null,
    (c) => {
      if (c.body.old !== PASSWORD) throw new Refused(403, "denied", "现在的密码不对", "the password now is wrong");
      mustChange.delete(c.who.user);
      return null;
    },
  ],
  ["POST", "/api/session/second-factor", null, () => ({ secret: "JBSW Y3DP EHPK 3PXP", uri: "otpauth://totp/baoxue:demo?secret=JBSWY3DPEHPK3PXP" })],
  [
    "PUT",
    "/api/session/second-factor",
    null,
    (c) => {
      if (c.body.code !== "123456") throw new Refused(400, "input", "验证码不对", "the code is wrong");
      c.who.second_factor = true;
      return null;
    },
  ],
  [
    "DELETE",
    "/api/session/second-factor",
    null,
    (c) => {
      c.who.second_factor = false;
      return null;
    },
  ],
  ["GET", "/api/words", null, () => words],
  ["GET", "/api/summary", "look", (c) => summary(c.query)],
  ["GET", "/api/findings", "look", (c) => listed(wanted(c.query), c.query)],
  [
    "POST",
    "/api/findings/export",
    "export",
    (c) => {
      const rows = wanted(new URLSearchParams(c.body)).filter((f) => !c.body.findings || c.body.findings.includes(f.finding));
      if (c.body.dry_run) return { rows: rows.length, skipped: 0 };
      if (c.body.reveal) {
        const given = approvals.find((a) => a.approval === c.body.approval && a.state === "granted");
        if (!given) {
          const approval = approvals.length + 1;
          approvals.unshift({
            approval,
            action: "export",
            object: `kind=${c.body.kind || ""}`,
            reason: c.body.reason,
            areas: "620422",
            asked_by: c.who.user,
            asked_ms: Date.now(),
            decided_by: "",
            decided_ms: 0,
            why: "",
            state: "waiting",
          });
          throw new Refused(409, "approval", "须由另一人审批", "another user has to approve this", { approval });
        }
        given.state = "used";
      }
      note(c.who.user, "export", "findings", c.body.reason);
      return {
        file: "疑似失学.csv",
        content: "\ufefffinding,name\n" + rows.map((f) => `${f.finding},${f.name}`).join("\n"),
      };
    },
  ],
  [
    "GET",
    "/api/persons/:n",
    "look",
    (c) => {
      const found = persons.find((p) => p.person === Number(c.params.n));
      if (!found) throw missing();
      const { full_id: _, ...seen } = found;
      return seen;
    },
  ],
  [
    "POST",
    "/api/persons/:n/reveal",
    "reveal",
    (c) => {
      const found = persons.find((p) => p.person === Number(c.params.n));
      found.history.push({ at_ms: Date.now(), user: c.who.user, action: "reveal", reason: c.body.reason });
      note(c.who.user, "reveal", `person ${c.params.n}`, c.body.reason);
      return { id_number: found.full_id, phones: ["13800000000"], values: [] };
    },
  ],
  [
    "GET",
    "/api/reviews",
    "review",
    (c) =>
      listed(
        reviews.filter((r) => (c.query.get("status") === "decided") === (r.verdict !== null)),
        c.query,
      ),
  ],
  [
    "GET",
    "/api/reviews/:n",
    "review",
    (c) => {
      const r = reviews.find((x) => x.pair === Number(c.params.n));
      if (!r) throw missing();
      return r;
    },
  ],
  [
    "POST",
    "/api/reviews/:n/decision",
    "review",
    (c) => {
      Object.assign(
        reviews.find((x) => x.pair === Number(c.params.n)),
        { verdict: c.body.verdict, why: c.body.why, decided_by: c.who.user, decided_ms: Date.now() },
      );
      refresh();
      return null;
    },
  ],
  [
    "DELETE",
    "/api/reviews/:n/decision",
    "review",
    (c) => {
      Object.assign(
        reviews.find((x) => x.pair === Number(c.params.n)),
        { verdict: null, why: null, decided_by: null, decided_ms: null },
      );
      refresh();
      return null;
    },
  ],
  ["POST", "/api/search", "look", (c) => search(c.body)],
  ["GET", "/api/areas", "look", () => ({ rows: areas })],
  [
    "GET",
    "/api/schools",
    "look",
    (c) =>
      listed(
        schools.filter((s) => s.name.includes(c.query.get("q") || "") && s.area.startsWith((c.query.get("area") || "6204").replace(/0+$/, ""))),
        c.query,
      ),
  ],
  [
    "GET",
    "/api/schools/:code",
    "look",
    (c) => {
      const s = schools.find((x) => x.code === c.params.code);
      if (!s) throw missing();
      return s;
    },
  ],
  [
    "GET",
    "/api/villages",
    "look",
    (c) =>
      listed(
        areas
          .filter((a) => a.level === "township")
          .flatMap((a) =>
            ["张庄", "李湾", "大沟"].map((v, i) => ({
              code: `${a.code}20${i}`,
              name: `${v}村`,
              township: a.name,
              expected: 20 + random(60),
              findings: random(4),
            })),
          ),
        c.query,
      ),
  ],
  [
    "GET",
    "/api/registers",
    "look",
    () => ({
      rows: words.registers.map((r, i) => ({
        register: r.key,
        zh: r.zh,
        en: r.en,
        statements: i > 5 ? 0 : 9000 - i * 700,
        last_import_ms: i > 5 ? null : Date.UTC(2020, 8 - i, 16),
        newest_day: i > 5 ? null : `2020-0${9 - i}-15`,
      })),
    }),
  ],
  [
    "POST",
    "/api/uploads",
    "import",
    (c) => {
      const id = randomBytes(4).toString("hex");
      const names = Array.from(c.raw.toString("latin1").matchAll(/filename="([^"]*)"/g), (m) => Buffer.from(m[1], "latin1").toString());
      const upload = { upload: id, files: [] };
      upload.task = startTask("dry_run", () => {
        upload.files = dryRun(names);
        return { upload: id };
      });
      uploads.set(id, upload);
      return { upload: id, task: upload.task };
    },
  ],
  [
    "GET",
    "/api/uploads/:id",
    "import",
    (c) => {
      const u = uploads.get(c.params.id);
      if (!u) throw missing();
      return u;
    },
  ],
  [
    "PUT",
    "/api/uploads/:id/map",
    "import",
    (c) => {
      const u = uploads.get(c.params.id);
      const sheet = u.files.find((f) => f.file === c.body.file).sheets.find((s) => s.name === c.body.sheet);
      for (const column of c.body.columns) sheet.columns[column.place].field = column.field;
      u.task = startTask("dry_run", () => ({ upload: c.params.id }));
      return { task: u.task };
    },
  ],
  [
    "PUT",
    "/api/uploads/:id/cells",
    "import",
    (c) => {
      const file = uploads.get(c.params.id).files.find((f) => f.file === c.body.file);
      const row = file.rows_with_notes.find((r) => r.row === c.body.row);
      row.cells[c.body.place] = c.body.value;
      row.notes = row.notes.filter((n) => n.column !== c.body.place);
      if (row.notes.length === 0) {
        file.rows_with_notes = file.rows_with_notes.filter((r) => r !== row);
        file.warned--;
        file.accepted++;
      }
      const task = startTask("dry_run", () => ({ upload: c.params.id }));
      return { task };
    },
  ],
  [
    "POST",
    "/api/uploads/:id/import",
    "import",
    (c) => ({
      task: startTask("import", () => {
        const made = uploads.get(c.params.id).files.map((f) => {
          const batch = {
            batch: batches.length + 1,
            file: f.file,
            register: f.register,
            at: f.at,
            imported_ms: Date.now(),
            user: c.who.user,
            rows: f.rows,
            accepted: f.accepted,
            warned: f.warned,
            rejected: f.rejected,
            ended: c.body.complete ? f.would_end : 0,
            undone: false,
          };
          batches = [batch, ...batches];
          return batch;
        });
        uploads.delete(c.params.id);
        refresh();
        const sum = (key) => made.reduce((n, b) => n + b[key], 0);
        return {
          batches: made.map((b) => b.batch),
          rows: sum("rows"),
          accepted: sum("accepted"),
          warned: sum("warned"),
          rejected: sum("rejected"),
          ended: sum("ended"),
        };
      }),
    }),
  ],
  [
    "DELETE",
    "/api/uploads/:id",
    "import",
    (c) => {
      uploads.delete(c.params.id);
      return null;
    },
  ],
  ["GET", "/api/imports", "import", (c) => listed(batches, c.query)],
  [
    "GET",
    "/api/imports/:n/rejects",
    "import",
    (c) => ({
      ...listed(
        [
          {
            sheet: "Sheet1",
            row: 88,
            notes: [{ column: null, code: "row_names_nobody" }],
            cells: ["85", "", "", "2012-05-06", "张三"],
          },
        ],
        c.query,
      ),
      columns: ["序号", "姓名", "身份证号", "出生日期", "监护人"],
    }),
  ],
  ["POST", "/api/imports/:n/rejects/export", "import", () => ({ file: "退回.csv", content: "\ufeff行,问题" })],
  [
    "DELETE",
    "/api/imports/:n",
    "import",
    (c) => {
      batches.find((b) => b.batch === Number(c.params.n)).undone = true;
      refresh();
      return null;
    },
  ],
  [
    "GET",
    "/api/tasks/:id",
    null,
    (c) => {
      const task = tasks.get(c.params.id);
      if (!task) throw missing();
      return publicTask(task);
    },
  ],
  ["GET", "/api/users", "users", () => ({ rows: users, total: users.length, page: 1, page_size: 500 })],
  [
    "POST",
    "/api/users",
    "users",
    (c) => {
      if (users.some((u) => u.user === c.body.user)) throw new Refused(409, "conflict", "已有同名用户", "there is a user of that name");
      users.push({
        made_ms: 0,
        disabled_ms: 0,
        must_change_password: false,

        second_factor: false,
        seen_ms: 0,
        ...c.body,
        areas: (c.body.areas || []).map((code) => areas.find((a) => a.code === code) || { code, name: code }),
      });
      return { user: c.body.user, one_time_password: "moss-ladder-oatmeal-42" };
    },
  ],
  [
    "PUT",
    "/api/users/:name",
    "users",
    (c) => {
      Object.assign(
        users.find((u) => u.user === c.params.name),
        c.body,
        { areas: (c.body.areas || []).map((code) => areas.find((a) => a.code === code) || { code, name: code }) },
      );
      return null;
    },
  ],
  ["POST", "/api/users/:name/reset", "users", (c) => ({ user: c.params.name, one_time_password: "quiet-harbour-violin-17" })],
  [
    "GET",
    "/api/audit",
    "audit",
    (c) =>
      listed(
        audit.filter((e) => e.user.includes(c.query.get("user") || "") && e.action.includes(c.query.get("action") || "")),
        c.query,
      ),
  ],
  ["GET", "/api/audit/verify", "audit", () => ({ whole: true, broken_at: null })],
  [
    "GET",
    "/api/system",
    "system",
    () => ({
      remarks: [
        {
          what: "tls",
          weight: "note",
          zh: "没有使用 TLS：只应在本机或代理之后使用",
          en: "no TLS: use it on this machine or behind a proxy only",
        },
        { what: "backup", weight: "unsafe", zh: "从未备份", en: "there is no backup" },
        { what: "key", weight: "fine", zh: "密钥文件权限正确", en: "the key file is readable by its owner only" },
      ],
    }),
  ],
  ["POST", "/api/system/backup", "system", () => ({ task: startTask("backup", () => ({ file: "baoxue.db-2020-11-25-080000.backup" })) })],
  [
    "PUT",
    "/api/users/:name/disabled",
    "users",
    (c) => {
      users.find((u) => u.user === c.params.name).disabled_ms = c.body.disabled ? Date.now() : 0;
      return null;
    },
  ],
  [
    "GET",
    "/api/approvals",
    "export",
    (c) =>
      listed(
        approvals.map((a) => ({ ...a, may_decide: a.state === "waiting" && a.asked_by !== c.who.user })),
        c.query,
      ),
  ],
  [
    "POST",
    "/api/approvals/:n/decision",
    "export",
    (c) => {
      const found = approvals.find((a) => a.approval === Number(c.params.n));
      Object.assign(found, {
        state: c.body.grant ? "granted" : "refused",
        decided_by: c.who.user,
        decided_ms: Date.now(),
        why: c.body.why,
      });
      return { approval: found.approval };
    },
  ],
];

function match(pattern, path) {
  const a = pattern.split("/"),
    b = path.split("/");
  if (a.length !== b.length) return null;
  const params = {};
  for (let i = 0; i < a.length; i++)
    if (a[i].startsWith(":")) params[a[i].slice(1)] = decodeURIComponent(b[i]);
    else if (a[i] !== b[i]) return null;
  return params;
}

function events(request, response, id) {
  const task = tasks.get(id);
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  const tell = () => {
    response.write(`data: ${JSON.stringify(publicTask(task))}\n\n`);
    if (task.state === "done") response.end();
  };
  task.seen.push(tell);
  tell();
}

function handle(request, response, url, raw) {
  const cookie = /baoxue_session=([0-9a-f]+)/.exec(request.headers.cookie || "")?.[1];
  const json = /json/.test(request.headers["content-type"] || "") && raw.length ? JSON.parse(raw.toString()) : {};
  if (request.method === "POST" && url.pathname === "/api/session") {
    const made = logIn(json);
    return answer(request, response, 200, "application/json", JSON.stringify(made.body), {
      "Set-Cookie": `baoxue_session=${made.cookie}; Path=/; HttpOnly; SameSite=Strict`,
    });
  }
  const session = sessions.get(cookie);
  if (!session) throw new Refused(401, "denied", "请先登录", "log in first");
  if (request.method !== "GET" && request.headers["x-baoxue-token"] !== session.token) throw new Refused(403, "denied", "令牌不对", "the token is wrong");
  if (request.method === "GET" && url.pathname === "/api/session")
    return answer(request, response, 200, "application/json", JSON.stringify(sessionOf(session.user, session.token)));
  const eventsOf = match("/api/tasks/:id/events", url.pathname);
  if (eventsOf && tasks.has(eventsOf.id)) return events(request, response, eventsOf.id);
  for (const [method, pattern, capability, run] of routes) {
    const params = method === request.method ? match(pattern, url.pathname) : null;
    if (!params) continue;
    if (capability && !ROLES[session.user.role].includes(capability)) throw new Refused(403, "denied", "您没有这项权限", "you may not do this");
    const result = run({ params, query: url.searchParams, body: json, raw, who: session.user, cookie });
    if (result && result.content !== undefined)
      return answer(request, response, 200, "text/csv", result.content, {
        "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(result.file)}`,
      });
    return answer(request, response, 200, "application/json", result === null ? "" : JSON.stringify(result));
  }
  throw missing();
}

createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const url = new URL(request.url, "http://local");
    try {
      if (!url.pathname.startsWith("/api/")) page(request, response, url.pathname, folder);
      else handle(request, response, url, Buffer.concat(parts));
    } catch (error) {
      const body = {
        error: { kind: error.kind || "store", zh: error.zh || String(error), en: error.en || String(error) },
        ...error.extra,
      };
      answer(request, response, error.status || 500, "application/json", JSON.stringify(body));
    }
  });
}).listen(port, "127.0.0.1", function listening() {
  console.log(`listening ${this.address().port}`);
});
