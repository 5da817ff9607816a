#include "jobs/failure.h"

#include <stdio.h>

enum { LINE_BYTES_MAX = ERR_TEXT_MAX + 256 };

void failures_open(struct failures *failures, const struct clock *clock,
                   void (*tell)(void *context, const char *zh, const char *en), void *context)
{
    CHECK(failures != NULL);
    failures->tell = tell;
    failures->context = context;
    atomic_init(&failures->last, clock_now_ms(clock) / 1000);
}

int64_t failure_note(struct failures *failures, const char *where, struct err *err)
{
    CHECK(err->kind != ERR_NONE);
    if (failures == NULL || (err->kind != ERR_STORE && err->kind != ERR_IO)) return 0;
    int64_t number = atomic_fetch_add(&failures->last, 1) + 1;
    if (failures->tell != NULL) {
        char zh[LINE_BYTES_MAX], en[LINE_BYTES_MAX];
        snprintf(zh, sizeof zh, "故障 %lld：%s 失败：%s", (long long)number, where, err->zh);
        snprintf(en, sizeof en, "failure %lld: %s failed: %s", (long long)number, where, err->en);
        failures->tell(failures->context, zh, en);
    }
    err_set(err, err->kind,
            "the server could not do this; try again in a while, and if it stays so tell the "
            "system administrator the number %lld",
            "服务器未能完成，请稍后再试；仍不行的，请把编号 %lld 告诉系统管理员",
            (long long)number);
    return number;
}
