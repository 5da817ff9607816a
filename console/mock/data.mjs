// Made-up registers for developing the pages: the same every time, nobody real.
const SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗".split("");
const GIVEN = "小明 思远 雨欣 浩然 子涵 梓轩 佳怡 志强 晓燕 建国 文博 若曦 天佑 春花 国栋".split(" ");
const COUNTIES = [
  ["620402", "白银区"],
  ["620403", "平川区"],
  ["620421", "靖远县"],
  ["620422", "会宁县"],
  ["620423", "景泰县"],
];
const TOWNS = ["会师镇", "郭城驿镇", "河畔镇", "头寨子镇", "太平店镇", "甘沟驿镇", "侯家川镇", "柴家门镇", "汉家岔镇", "刘家寨子镇"];

let seed = 20201125;
export function random(n) {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor((seed / 2147483648) * n);
}
const pick = (list) => list[random(list.length)];
const two = (n) => String(n).padStart(2, "0");

export const words = {
  finding_kinds: [
    ["not_enrolled", "疑似失学", "suspected out of school"],
    ["attending_unregistered", "有学上无学籍", "at school, on no roll"],
    ["not_attending", "疑似辍学", "on a roll, not at school"],
    ["enrolled_twice", "重复学籍", "on two rolls"],
    ["roll_unknown", "有学籍无户籍", "on a roll, in no household"],
    ["not_reported", "未报送", "not reported"],
  ].map(([key, zh, en]) => ({ key, zh, en })),
  queues: [
    ["visit", "去入户", "visit"],
    ["ask_elsewhere", "查外地学籍", "ask elsewhere"],
    ["fix_data", "改数据", "fix data"],
    ["report_missing", "缺报表", "report missing"],
  ].map(([key, zh, en]) => ({ key, zh, en })),
  reasons: [
    ["no_record", "各册均无记录", "on no register of schools"],
    ["transferred_out", "学籍转出后无去向", "transferred out and on no roll since"],
    ["seen_unschooled", "入户摸排确认未就学", "seen out of school at home"],
    ["two_rolls", "两处以上学籍", "on more than one roll"],
    ["no_roll", "在校但无学籍", "at school, on no roll"],
    ["not_listed", "学校到校名册无此生", "not in the attendance list"],
    ["household_elsewhere", "证件号属外地", "the ID number is from elsewhere"],
    ["not_reported", "未报送名册", "no list reported"],
  ].map(([key, zh, en]) => ({ key, zh, en })),
  statuses: [
    ["suspected", "疑似", "suspected"],
    ["confirmed", "已确认", "confirmed"],
    ["closed", "已关闭", "closed"],
  ].map(([key, zh, en]) => ({ key, zh, en })),
  registers: [
    ["population", "户籍人口", "population", true],
    ["roll", "学籍", "roll", true],
    ["attending", "在校（到校）学生", "attending", true],
    ["door_survey", "入户摸排", "door survey", true],
    ["elsewhere", "市外就读", "at school elsewhere", true],
    ["dibao", "低保", "minimum living allowance", true],
    ["schools", "学校", "schools", false],
    ["villages", "行政村", "villages", false],
  ].map(([key, zh, en, people]) => ({ key, zh, en, people, fields: [] })),
  fields: [
    ["name", "姓名", "name"],
    ["id_number", "身份证号", "ID number"],
    ["birth_date", "出生日期", "date of birth"],
    ["sex", "性别", "sex"],
    ["address", "住址", "address"],
    ["guardian_name", "监护人姓名", "name of the guardian"],
    ["phone", "联系电话", "phone"],
    ["school_name", "学校名称", "school"],
    ["grade", "年级", "grade"],
    ["student_number", "学籍号", "student number"],
  ].map(([key, zh, en]) => ({ key, zh, en })),
  notes: [
    ["id_wrong_check", "身份证号校验位或出生日期不对", "the ID number's check character or day of birth is wrong"],
    ["date_unreadable", "日期无法识别", "the date cannot be read"],
    ["row_names_nobody", "既无姓名也无号码，不知是谁", "neither a name nor a number: it names nobody"],
  ].map(([code, zh, en]) => ({ code, zh, en })),
  roles: [
    ["school", "学校", "school"],
    ["township", "乡镇", "township"],
    ["county", "县区教育局", "county bureau"],
    ["city", "市教育局", "city bureau"],
    ["finance", "财政", "finance"],
    ["auditor", "审计员", "auditor"],
    ["security", "安全管理员", "security administrator"],
    ["system", "系统管理员", "system administrator"],
  ].map(([key, zh, en]) => ({ key, zh, en })),
  capabilities: [
    ["look", "查看", "look"],
    ["reveal", "显示全号", "reveal"],
    ["import", "导入", "import"],
    ["review", "裁定", "review"],
    ["export", "导出", "export"],
    ["users", "用户", "users"],
    ["audit", "审计", "audit"],
    ["system", "系统", "system"],
  ].map(([key, zh, en]) => ({ key, zh, en })),
  stages: [
    ["primary", "小学", "primary"],
    ["junior", "初中", "junior"],
  ].map(([key, zh, en]) => ({ key, zh, en })),
  verdicts: [
    ["same", "同一人", "same person"],
    ["different", "不是同一人", "different people"],
    ["visit", "去核实", "to be visited"],
  ].map(([key, zh, en]) => ({ key, zh, en })),
};

export const areas = [{ code: "620400", name: "白银市", level: "prefecture", parent: null, children_expected: 9120 }];
for (const [code, name] of COUNTIES) areas.push({ code, name, level: "county", parent: "620400", children_expected: 900 + random(2400) });
TOWNS.forEach((name, i) => areas.push({ code: `62042210${i}`, name, level: "township", parent: "620422", children_expected: 60 + random(320) }));

export const schools = [];
for (const [code, name] of COUNTIES)
  for (let i = 1; i <= 6; i++)
    schools.push({
      code: `${code}00${two(i)}`,
      name: `${name}第${"一二三四五六"[i - 1]}小学`,
      area: code,
      area_name: name,
      stages: ["primary"],
      on_roll: 200 + random(600),
      attending: 190 + random(600),
      findings: random(14),
      reported: random(9) > 0,
      last_file_ms: Date.UTC(2020, 8, 10 + random(20)),
    });

function mask(id) {
  return `${id.slice(0, 6)}********${id.slice(14)}`;
}

function record(register, person, day, values) {
  return {
    visible: true,
    register,
    statement: person.person * 10 + random(9),
    part: 0,
    area_name: person.area_name,
    batch: 1 + random(7),
    file: `${words.registers.find((r) => r.key === register).zh}_2020年9月.xlsx`,
    sheet: 1,
    row: 3 + random(800),
    since: day,
    until: null,
    imported_ms: Date.UTC(2020, 8, 16, 1),
    values,
  };
}

const said = (field, value, written = null, derived = false) => ({ field, value, written, derived });

function compared(a, b) {
  const fields = [
    {
      field: "name",
      level_zh: a.name === b.name ? "相同" : "一字不同",
      level_en: a.name === b.name ? "equal" : "one character differs",
      left: a.name,
      right: b.name,
      millibits: a.name === b.name ? 9200 : 2100,
    },
    {
      field: "birth_date",
      level_zh: "相同",
      level_en: "equal",
      left: a.birth_date,
      right: a.birth_date,
      millibits: 11300,
    },
    {
      field: "id_number",
      level_zh: "末位不同",
      level_en: "last character differs",
      left: a.id_number,
      right: b.id_number,
      millibits: -4800,
    },
    { field: "guardian_name", level_zh: "缺", level_en: "missing", left: "王建军", right: "", millibits: 0 },
    {
      field: "address",
      level_zh: "同村",
      level_en: "same village",
      left: `${a.area_name}张庄村`,
      right: `${a.area_name}张庄村三社`,
      millibits: 3600,
    },
    {
      field: "school_name",
      level_zh: "不同",
      level_en: "different",
      left: "",
      right: "会宁县第二小学",
      millibits: -900,
    },
  ];
  return fields.map((field) => ({ ...words.fields.find((word) => word.key === field.field), ...field }));
}

export const persons = [];
export const findings = [];
export const reviews = [];
const kindQueues = {
  not_enrolled: ["visit", "ask_elsewhere"],
  attending_unregistered: ["fix_data"],
  not_attending: ["visit"],
  enrolled_twice: ["fix_data"],
  roll_unknown: ["ask_elsewhere"],
  not_reported: ["report_missing"],
};
const kindReasons = {
  not_enrolled: ["no_record", "transferred_out", "seen_unschooled"],
  attending_unregistered: ["no_roll"],
  not_attending: ["not_listed"],
  enrolled_twice: ["two_rolls"],
  roll_unknown: ["household_elsewhere"],
  not_reported: ["not_reported"],
};

for (let i = 1; i <= 240; i++) {
  const area = i % 3 ? areas.find((a) => a.code === "620422") : pick(areas.slice(1, 6));
  const town = area.code === "620422" ? pick(areas.slice(6)) : area;
  const birth = `${2005 + random(9)}-${two(1 + random(12))}-${two(1 + random(28))}`;
  const id = `${area.code}${birth.replace(/-/g, "")}${two(random(99))}${random(9)}${random(9)}`;
  const name = pick(SURNAMES) + pick(GIVEN);
  const person = {
    person: i,
    name,
    sex: random(2) ? "男" : "女",
    birth_date: birth,
    id_number: mask(id),
    full_id: id,
    area: town.code,
    area_name: town === area ? area.name : `${area.name}${town.name}`,
    joined_into: null,
    findings: [],
    records: [],
    candidates: [],
    history: [],
  };
  person.records.push(
    record("population", person, "2020-09-01", [
      said("name", name),
      said("id_number", mask(id)),
      said("birth_date", birth, birth.replace(/-/g, ".")),
      said("sex", person.sex, null, true),
      said("guardian_name", `${name[0]}建军`),
      said("phone", "138****0000"),
      said("address", `${person.area_name}张庄村`),
    ]),
  );
  if (random(3))
    person.records.push(
      record("roll", person, "2019-09-01", [
        said("name", random(4) ? name : name.slice(0, 1) + "晓明"),
        said("birth_date", birth),
        said("school_name", pick(schools).name),
        said("grade", "四年级"),
        said("student_number", `G${mask(id)}`),
      ]),
    );
  if (!random(4)) person.records.push({ visible: false, register: "dibao", area_name: "兰州市" });
  persons.push(person);
}

persons.slice(0, 180).forEach((person, i) => {
  const kind = i < 110 ? "not_enrolled" : pick(Object.keys(kindQueues).slice(1, 5));
  const other = persons[(i * 7 + 11) % persons.length];
  const finding = {
    finding: findings.length + 1,
    kind,
    queue: pick(kindQueues[kind]),
    person: person.person,
    name: person.name,
    id_number: person.id_number,
    birth_date: person.birth_date,
    age: 2020 - Number(person.birth_date.slice(0, 4)),
    area: person.area,
    area_name: person.area_name,
    school: kind === "not_enrolled" ? "" : pick(schools).name,
    probability: (0.99 - i * 0.0026).toFixed(6),
    reason: [pick(kindReasons[kind])],
    opened: `2020-${two(8 + random(4))}-${two(1 + random(25))}`,
    status: i % 9 ? "suspected" : "confirmed",
    nearest:
      i % 2
        ? null
        : {
            visible: true,
            register: "roll",
            statement: other.person * 10,
            person: other.person,
            name: other.name,
            birth_date: other.birth_date,
            school: "会宁县第二小学",
            probability: "0.114000",
          },
  };
  person.candidates.push({
    visible: true,
    register: "roll",
    statement: other.person * 10,
    person: other.person,
    name: other.name,
    birth_date: other.birth_date,
    school: "会宁县第二小学",
    weight_millibits: 7400,
    probability: "0.412000",
    fields: compared(person, other),
  });
  person.findings.push(finding);
  findings.push(finding);
});
["620403", "620421"].forEach((code) =>
  findings.push({
    finding: findings.length + 1,
    kind: "not_reported",
    queue: "report_missing",
    person: null,
    name: "",
    id_number: "",
    birth_date: "",
    age: null,
    area: code,
    area_name: areas.find((a) => a.code === code).name,
    school: schools.find((s) => s.area === code).name,
    probability: "0.990000",
    reason: ["not_reported"],
    opened: "2020-09-15",
    status: "suspected",
    nearest: null,
  }),
);
findings.sort((a, b) => Number(b.probability) - Number(a.probability));

for (let i = 0; i < 34; i++) {
  const a = persons[i * 3],
    b = persons[i * 3 + 1];
  const side = (p, register) => ({
    visible: true,
    register,
    statement: p.person * 10,
    person: p.person,
    name: p.name,
    birth_date: p.birth_date,
    school: register === "roll" ? "会宁县第二小学" : "",
    area_name: p.area_name,
  });
  const right = { ...b, name: i % 2 ? a.name : a.name.slice(0, 1) + b.name.slice(1), birth_date: a.birth_date };
  reviews.push({
    pair: i + 1,
    probability: (0.93 - i * 0.021).toFixed(6),
    joined: i % 2 === 0,
    verdict: null,
    decided_by: null,
    decided_ms: null,
    why: null,
    left: side(a, "population"),
    right: side(right, "roll"),
    weight_millibits: 20500 - i * 300,
    fields: compared(a, right),
    left_record: a.records[0],
    right_record: { ...b.records[0], register: "roll" },
    left_others: a.records
      .slice(1)
      .filter((r) => r.visible)
      .map((r) => side(a, r.register)),
    right_others: [],
  });
}

for (const register of words.registers) register.fields = words.fields.map((field) => ({ ...field, choices: [] }));
