#include "targets.h"

#include "awards/student_file.h"
#include "awards/student_testing.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file of students: taken whole, with every value inside what its input allows, or refused. */

static void check_value(const struct policy_input *input, int64_t value)
{
    switch (input->type) {
    case POLICY_YES_NO: CHECK(value == 0 || value == 1); break;
    case POLICY_CHOICE:
        CHECK(value >= 0);
        CHECK((size_t)value < input->choice_count);
        break;
    case POLICY_SET: CHECK((uint64_t)value >> input->choice_count == 0); break;
    case POLICY_NUMBER:
    case POLICY_MONEY:
        CHECK(value >= input->least);
        CHECK(value <= input->most);
        break;
    case POLICY_DAY: CHECK(value >= INT32_MIN && value <= INT32_MAX); break;
    case POLICY_CODE: CHECK(value >= 0 && value <= 999999); break;
    }
}

static void check_file(const struct policy *policy, const struct student_file *file)
{
    const struct policy_rows *rows = &file->people.rows;
    for (size_t r = 0; r < rows->count; r++) {
        struct str id = file->people.ids[file->people.order[r]];
        CHECK(id.len > 0);
        if (r > 0) CHECK(str_compare(file->people.ids[file->people.order[r - 1]], id) < 0);
    }
    for (size_t i = 0; i < policy->input_count; i++) {
        const struct policy_column *column = &rows->columns[i];
        for (size_t r = 0; column->states != NULL && r < rows->count; r++) {
            CHECK(column->states[r] == POLICY_KNOWN || column->states[r] == POLICY_MISSING);
            if (column->states[r] == POLICY_KNOWN) {
                check_value(&policy->inputs[i], column->values[r]);
            }
        }
    }
}

static void run_students(struct str input)
{
    char path[64];
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct student_file file;
    struct student_wish wish = {.policy = small_policy(), .path = path, .with_names = true};
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    CHECK(fd >= 0);
    for (size_t done = 0; done < input.len;) {
        ssize_t put = write(fd, input.ptr + done, input.len - done);
        CHECK(put > 0);
        done += (size_t)put;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (student_file_read(&arena, &wish, &file, &err)) {
        check_file(wish.policy, &file);
    } else {
        CHECK(err.kind == ERR_INPUT || err.kind == ERR_LIMIT);
        CHECK(err.en[0] != '\0' && err.zh[0] != '\0');
    }
    close(fd);
    arena_free(&arena);
}

struct fuzz_target fuzz_students_target(void)
{
    return (struct fuzz_target){
        "students",
        run_students,
        {STR("id,stage,grade,boarding,categories,school_county,fee_fen,born\n"
             "1,primary,3,yes,orphan;dibao_rural,620421,12,2012-03-05\n2,junior,,,none,,,\n"),
         STR("编号;学段;年级;寄宿;困难类别;学费（元）;姓名\n甲;小学;三年级;是;孤儿、农村低保;1.5;"
             "王\n"),
         STR("\xB1\xE0\xBA\xC5;\xD1\xA7\xB6\xCE\nx;\xB3\xF5\xD6\xD0\n"),
         STR("<table><tr><td>id<td>stage<tr><td>1<td>junior</table>")},
        ", ; \n \" none 无 primary 初中 三年级 是 √ 620421 1.05 -1 99999999999999999999 id stage "
        "2012年",
    };
}
