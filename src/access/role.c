#include "access/role.h"

static const struct {
    const char *key, *zh, *en;
    uint32_t capabilities;
    enum role_place place;
} roles[ROLE_COUNT] = {
    [ROLE_SCHOOL] = {"school", "学校", "school",
                     CAPABILITY_LOOK | CAPABILITY_IMPORT | CAPABILITY_WORK, ROLE_PLACE_SCHOOL},
    [ROLE_TOWNSHIP] = {"township", "乡镇", "township",
                       CAPABILITY_LOOK | CAPABILITY_REVIEW | CAPABILITY_EXPORT | CAPABILITY_WORK,
                       ROLE_PLACE_AREAS},
    [ROLE_COUNTY] = {"county", "县区教育局", "county bureau",
                     CAPABILITY_LOOK | CAPABILITY_REVEAL | CAPABILITY_IMPORT | CAPABILITY_REVIEW
                         | CAPABILITY_EXPORT | CAPABILITY_WORK | CAPABILITY_PAY | CAPABILITY_VERIFY,
                     ROLE_PLACE_AREAS},
    [ROLE_CITY] = {"city", "市教育局", "city bureau",
                   CAPABILITY_LOOK | CAPABILITY_REVEAL | CAPABILITY_IMPORT | CAPABILITY_REVIEW
                       | CAPABILITY_EXPORT | CAPABILITY_WORK | CAPABILITY_PAY | CAPABILITY_VERIFY,
                   ROLE_PLACE_AREAS},
    [ROLE_FINANCE] = {"finance", "资助财务", "finance",
                      CAPABILITY_LOOK | CAPABILITY_WORK | CAPABILITY_PAY | CAPABILITY_VERIFY,
                      ROLE_PLACE_AREAS},
    [ROLE_AUDITOR] = {"auditor", "审计员", "auditor", CAPABILITY_AUDIT | CAPABILITY_VERIFY,
                      ROLE_PLACE_NONE},
    [ROLE_SECURITY] = {"security", "安全管理员", "security administrator", CAPABILITY_USERS,
                       ROLE_PLACE_NONE},
    [ROLE_SYSTEM] = {"system", "系统管理员", "system administrator", CAPABILITY_SYSTEM,
                     ROLE_PLACE_NONE},
};

static const struct {
    const char *key, *zh, *en;
} capabilities[CAPABILITY_COUNT] = {
    {"look", "查看", "look at children and schools"},
    {"reveal", "显示证件全号", "show ID numbers in full"},
    {"import", "导入名册", "import files"},
    {"review", "裁定存疑对", "decide doubtful pairs"},
    {"export", "导出名单", "export lists"},
    {"users", "管理用户", "manage users"},
    {"audit", "查阅审计", "read the audit trail"},
    {"system", "管理系统", "manage the system"},
    {"work", "办理案卷", "record in cases"},
    {"pay", "资金发放", "pay aid"},
    {"verify", "检查账簿", "verify the books"},
};

uint32_t role_capabilities(enum role role)
{
    CHECK((int)role >= 0 && role < ROLE_COUNT);
    return roles[role].capabilities;
}

enum role_place role_place(enum role role)
{
    CHECK((int)role >= 0 && role < ROLE_COUNT);
    return roles[role].place;
}

const char *role_place_key(enum role_place place)
{
    static const char *const keys[] = {"none", "areas", "school"};
    CHECK((int)place >= 0 && place <= ROLE_PLACE_SCHOOL);
    return keys[place];
}

const char *role_key(enum role role)
{
    CHECK((int)role >= 0 && role < ROLE_COUNT);
    return roles[role].key;
}

const char *role_text(enum role role, enum lang lang)
{
    CHECK((int)role >= 0 && role < ROLE_COUNT);
    return lang == LANG_EN ? roles[role].en : roles[role].zh;
}

int role_of(struct str key)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (str_is(key, roles[i].key)) return i;
    }
    return -1;
}

const char *capability_key(int number)
{
    CHECK(number >= 0 && number < CAPABILITY_COUNT);
    return capabilities[number].key;
}

const char *capability_text(int number, enum lang lang)
{
    CHECK(number >= 0 && number < CAPABILITY_COUNT);
    return lang == LANG_EN ? capabilities[number].en : capabilities[number].zh;
}
