#ifndef AWARDS_STUDENT_TESTING_H
#define AWARDS_STUDENT_TESTING_H

#include "policy/policy.h"

/* For tests: small_policy() has an input of each type, made by hand; reading policies is tested
 * elsewhere. INPUTS and the names before it number them. */

#define S(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }
#define NAME(key, zh, en)                                                                          \
    {                                                                                              \
        S(key), S(zh), S(en), NULL, 0                                                              \
    }

enum { STAGE, GRADE, BOARDING, CATEGORIES, COUNTY, FEE, BORN, INPUTS };

/* One scheme that concerns by stage; lives as long as the program. */
static inline const struct policy *small_policy(void)
{
    static struct str boarding_also[] = {S("是否住校")};
    static struct str fee_also[] = {S("学费(元)")};
    static struct policy_choice stages[] = {{NAME("primary", "小学", "primary school")},
                                            {NAME("junior", "初中", "junior school")}};
    static struct policy_choice categories[] = {{NAME("dibao_rural", "农村低保", "rural dibao")},
                                                {NAME("orphan", "孤儿", "orphan")}};
    static struct policy_input inputs[INPUTS] = {
        [STAGE] = {.name = NAME("stage", "学段", "stage"),
                   .type = POLICY_CHOICE,
                   .choices = stages,
                   .choice_count = 2},
        [GRADE] = {.name = NAME("grade", "年级", "grade"),
                   .type = POLICY_NUMBER,
                   .least = 1,
                   .most = 12},
        [BOARDING] = {.name = {S("boarding"), S("寄宿"), S("boarding"), boarding_also, 1},
                      .type = POLICY_YES_NO},
        [CATEGORIES] = {.name = NAME("categories", "困难类别", "hardship categories"),
                        .type = POLICY_SET,
                        .choices = categories,
                        .choice_count = 2},
        [COUNTY] = {.name = NAME("school_county", "学校所在县", "school's county"),
                    .type = POLICY_CODE},
        [FEE] = {.name = {S("fee_fen"), S("学费"), S("fee"), fee_also, 1},
                 .type = POLICY_MONEY,
                 .most = POLICY_VALUE_MAX},
        [BORN] = {.name = NAME("born", "出生日期", "day of birth"), .type = POLICY_DAY},
    };
    static struct policy_item items[] = {{.value = 0}};
    static struct policy_expr concerns = {
        .kind = POLICY_IN, .target = STAGE, .list = items, .list_count = 1};
    static struct policy_scheme scheme = {.applies = &concerns, .form = POLICY_CASH};
    static const struct policy policy = {
        .inputs = inputs, .input_count = INPUTS, .schemes = &scheme, .scheme_count = 1};
    return &policy;
}

#endif
