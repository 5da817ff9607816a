#ifndef ACCESS_AUDIT_ACTION_H
#define ACCESS_AUDIT_ACTION_H

#include "base/str.h"

/* What the trail says that somebody did: one table has, for each, the key that stands in the trail
 * for ever and the words that people read. Whoever writes to the trail adds a line there first. */
enum audit_action {
    AUDIT_LOGIN,
    AUDIT_LOGIN_REFUSED,
    AUDIT_LOGOUT,
    AUDIT_LOOK,
    AUDIT_REVEAL,
    AUDIT_EXPORT,
    AUDIT_IMPORT,
    AUDIT_UNDO,
    AUDIT_CORRECT,
    AUDIT_CHECK,
    AUDIT_DECIDE,
    AUDIT_UNDECIDE,
    AUDIT_APPROVAL_ASK,
    AUDIT_APPROVAL_GRANT,
    AUDIT_APPROVAL_REFUSE,
    AUDIT_APPROVAL_USE,
    AUDIT_PASSWORD,
    AUDIT_SECOND_FACTOR_BEGIN,
    AUDIT_SECOND_FACTOR,
    AUDIT_SECOND_FACTOR_REMOVE,
    AUDIT_USER_ADD,
    AUDIT_USER_CHANGE,
    AUDIT_USER_DISABLE,
    AUDIT_USER_ENABLE,
    AUDIT_USER_RESET,
    AUDIT_BACKUP,
    AUDIT_RESTORE,
    AUDIT_KEY_ROTATE,
    AUDIT_KEY_RESEAL,
    AUDIT_AWARD,
    AUDIT_RETENTION,
    AUDIT_PUBLISH,
    AUDIT_CASE,
    AUDIT_FUND,
    AUDIT_PAY,
    AUDIT_PAY_APPROVE,
    AUDIT_PAY_ANSWER,
    AUDIT_PAY_EXPLAIN,
    AUDIT_PAY_REINSTATE,
    AUDIT_PAY_CLOSE,
    AUDIT_PLACING_KEEP,
    AUDIT_PLACING_REMOVE,
    AUDIT_PLACING_EXPLAIN,
    AUDIT_ACTION_COUNT,
};

/* "user_add"; "新增用户" and "user added". */
const char *audit_action_key(enum audit_action action);
const char *audit_action_text(enum audit_action action, enum lang lang);

/* The words for a key as it stands in a trail; the key itself where a later program wrote it. */
struct str audit_action_words(struct str key, enum lang lang);

#endif
