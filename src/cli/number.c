#include "cli/number.h"

bool number_read(const char *word, int64_t *out, struct err *err)
{
    int64_t number;
    if (!str_to_i64(str_from(word), &number) || number < 1) {
        return err_set(err, ERR_USAGE, "\"%s\" stands where a number from 1 belongs",
                       "“%s”处应是编号（从 1 起的整数）", word);
    }
    *out = number;
    return true;
}
