#include "access/audit_action.h"

static const struct {
    const char *key, *zh, *en;
} actions[AUDIT_ACTION_COUNT] = {
    [AUDIT_LOGIN] = {"login", "登录", "log-in"},
    [AUDIT_LOGIN_REFUSED] = {"login_refused", "登录被拒", "log-in refused"},
    [AUDIT_LOGOUT] = {"logout", "退出登录", "log-out"},
    [AUDIT_LOOK] = {"look", "查看", "look"},
    [AUDIT_REVEAL] = {"reveal", "显示证件全号", "ID numbers shown in full"},
    [AUDIT_EXPORT] = {"export", "导出", "export"},
    [AUDIT_IMPORT] = {"import", "导入", "import"},
    [AUDIT_UNDO] = {"undo", "撤回导入", "import taken back"},
    [AUDIT_CORRECT] = {"correct", "修改单元格", "cell corrected"},
    [AUDIT_CHECK] = {"check", "核对", "check"},
    [AUDIT_DECIDE] = {"decide", "裁定", "decision"},
    [AUDIT_UNDECIDE] = {"undecide", "撤回裁定", "decision taken back"},
    [AUDIT_APPROVAL_ASK] = {"approval_ask", "申请审批", "approval asked for"},
    [AUDIT_APPROVAL_GRANT] = {"approval_grant", "审批通过", "approval granted"},
    [AUDIT_APPROVAL_REFUSE] = {"approval_refuse", "审批驳回", "approval refused"},
    [AUDIT_APPROVAL_USE] = {"approval_use", "使用审批", "approval used"},
    [AUDIT_PASSWORD] = {"password", "修改本人密码", "own password changed"},
    [AUDIT_SECOND_FACTOR_BEGIN] = {"second_factor_begin", "开始设置第二重验证",
                                   "second factor begun"},
    [AUDIT_SECOND_FACTOR] = {"second_factor", "启用第二重验证", "second factor set"},
    [AUDIT_SECOND_FACTOR_REMOVE] = {"second_factor_remove", "取消第二重验证",
                                    "second factor removed"},
    [AUDIT_USER_ADD] = {"user_add", "新增用户", "user added"},
    [AUDIT_USER_CHANGE] = {"user_change", "修改用户", "user changed"},
    [AUDIT_USER_DISABLE] = {"user_disable", "停用用户", "user disabled"},
    [AUDIT_USER_ENABLE] = {"user_enable", "启用用户", "user let in again"},
    [AUDIT_USER_RESET] = {"user_reset", "重置用户密码", "password of a user reset"},
    [AUDIT_BACKUP] = {"backup", "备份", "backup"},
    [AUDIT_RESTORE] = {"restore", "恢复备份", "backup restored"},
    [AUDIT_RETENTION] = {"retention", "清除到期数据", "data past its time erased"},
    [AUDIT_PUBLISH] = {"publish", "发布指标", "figure published"},
    [AUDIT_KEY_ROTATE] = {"key_rotate", "更换密钥", "key rotated"},
    [AUDIT_KEY_RESEAL] = {"key_reseal", "重新加密", "sealed anew"},
    [AUDIT_CASE] = {"case", "办理案卷", "case worked on"},
    [AUDIT_FUND] = {"fund", "资金", "fund"},
    [AUDIT_PAY] = {"pay", "提出发放", "payment proposed"},
    [AUDIT_PAY_APPROVE] = {"pay_approve", "审批发放", "payment approved"},
    [AUDIT_PAY_ANSWER] = {"pay_answer", "银行回执", "bank's answer read"},
    [AUDIT_PAY_EXPLAIN] = {"pay_explain", "说明挂账", "suspense explained"},
    [AUDIT_PAY_REINSTATE] = {"pay_reinstate", "撤销退回", "return taken back"},
    [AUDIT_PAY_CLOSE] = {"pay_close", "结账", "period closed"},
    [AUDIT_PLACING_KEEP] = {"placing_keep", "保存投档", "run of placing kept"},
    [AUDIT_PLACING_REMOVE] = {"placing_remove", "删除保存的投档", "kept run of placing removed"},
    [AUDIT_PLACING_EXPLAIN] = {"placing_explain", "说明录取结果", "placing explained"},
    [AUDIT_AWARD] = {"award", "核定资助", "aid decided"},
};

const char *audit_action_key(enum audit_action action)
{
    CHECK((int)action >= 0 && action < AUDIT_ACTION_COUNT);
    return actions[action].key;
}

const char *audit_action_text(enum audit_action action, enum lang lang)
{
    CHECK((int)action >= 0 && action < AUDIT_ACTION_COUNT);
    return lang == LANG_EN ? actions[action].en : actions[action].zh;
}

struct str audit_action_words(struct str key, enum lang lang)
{
    for (int i = 0; i < AUDIT_ACTION_COUNT; i++) {
        if (!str_is(key, actions[i].key)) continue;
        return str_from(audit_action_text((enum audit_action)i, lang));
    }
    return key;
}
