#include "cli/moment.h"

bool moment_read(const char *value, int64_t *ms)
{
    enum { MS_A_DAY = 86400000, CHINA_MS = 8 * 3600000 };
    struct str text = str_from(value);
    day d;
    if (!day_parse(str_slice(text, 0, 10), &d)) return false;
    if (text.len == 10) { /* to the end of that day in China */
        *ms = ((int64_t)d.days + 1) * MS_A_DAY - CHINA_MS - 1;
        return true;
    }
    int64_t hour, minute, second, thousandth = 0;
    bool whole = text.len == 20 && text.ptr[19] == 'Z';
    bool fraction = text.len == 24 && text.ptr[19] == '.' && text.ptr[23] == 'Z';
    if (!whole && !fraction) return false;
    if (text.ptr[10] != 'T' || text.ptr[13] != ':' || text.ptr[16] != ':') return false;
    if (!str_to_i64(str_slice(text, 11, 13), &hour) || hour < 0 || hour > 23) return false;
    if (!str_to_i64(str_slice(text, 14, 16), &minute) || minute < 0 || minute > 59) return false;
    if (!str_to_i64(str_slice(text, 17, 19), &second) || second < 0 || second > 59) return false;
    if (fraction && (!str_to_i64(str_slice(text, 20, 23), &thousandth) || thousandth < 0))
        return false;
    *ms = d.days * (int64_t)MS_A_DAY + ((hour * 60 + minute) * 60 + second) * 1000 + thousandth;
    return true;
}
