#include "cli/outputs.h"

#include "base/file.h"

#include <string.h>
#include <sys/stat.h>

/* Where a name stands, also before there is a file under it. */
struct spot {
    struct stat file, folder;
    bool has_file, has_folder;
    struct str name;
};

static struct spot spot_of(const struct cli *cli, const char *path)
{
    struct spot spot = {.name = file_name(path)};
    size_t length = strlen(path) - spot.name.len;
    struct str folder = length == 0 ? STR(".") : (struct str){path, length};
    spot.has_file = stat(path, &spot.file) == 0;
    spot.has_folder = stat(str_cstr(cli->arena, folder), &spot.folder) == 0;
    return spot;
}

static bool is_one(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool is_same(const struct cli *cli, const char *a, const char *b)
{
    struct spot left = spot_of(cli, a), right = spot_of(cli, b);
    if (left.has_file && right.has_file && is_one(&left.file, &right.file)) return true;
    return left.has_folder && right.has_folder && is_one(&left.folder, &right.folder)
           && str_equal(left.name, right.name);
}

static bool is_workspace(const struct cli *cli, const char *path)
{
    static const char *const ends[] = {"", ".key", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (is_same(cli, path, cli_format(cli, "%s%s", cli->db, ends[i]).ptr)) return true;
    }
    return false;
}

static bool is_output(const struct option *option)
{
    return option->type == OPTION_OUTPUT || option->type == OPTION_LETTER;
}

/* What a run leaves for the next may take the place of what the last one left: it is read before
 * anything is written. */
static bool takes_turns(const struct option *in, const struct option *out)
{
    static const char *const turns[][2] = {{"--previous", "--state"}, {"--model", "--save-model"}};
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        if (strcmp(in->name, turns[i][0]) == 0 && strcmp(out->name, turns[i][1]) == 0) return true;
    }
    return false;
}

static bool is_read(const struct cli *cli, const struct option_value *output)
{
    for (size_t i = 0; i < cli->value_count; i++) {
        const struct option_value *input = &cli->values[i];
        if (input->option->type == OPTION_FILE && !takes_turns(input->option, output->option)
            && is_same(cli, input->text, output->text)) {
            return true;
        }
    }
    for (size_t i = 0; i < cli->word_count; i++) {
        if (file_exists(cli->words[i]) && is_same(cli, cli->words[i], output->text)) return true;
    }
    return false;
}

static bool check_output(const struct cli *cli, size_t at, struct err *err)
{
    const struct option_value *output = &cli->values[at];
    const char *name = output->option->name;
    if (is_workspace(cli, output->text)) {
        return err_set(err, ERR_USAGE,
                       "%s \"%s\" is the workspace or its key, and would put an end to it; give "
                       "another name",
                       "%s“%s”就是工作区文件或它的密钥，写了就没有了；请另取一个文件名", name,
                       output->text);
    }
    if (is_read(cli, output)) {
        return err_set(err, ERR_USAGE,
                       "%s \"%s\" is read as well, and would be lost; give another name",
                       "%s“%s”也是要读的文件，写了就没有了；请另取一个文件名", name, output->text);
    }
    for (size_t i = 0; i < at; i++) {
        const struct option_value *other = &cli->values[i];
        if (!is_output(other->option) || !is_same(cli, other->text, output->text)) {
            continue;
        }
        return err_set(err, ERR_USAGE, "%s and %s both write \"%s\"; give each a name of its own",
                       "%s 和 %s 写的是同一个文件“%s”；请各取一个文件名", other->option->name, name,
                       output->text);
    }
    return true;
}

bool outputs_check(const struct cli *cli, struct err *err)
{
    for (size_t i = 0; i < cli->value_count; i++) {
        if (is_output(cli->values[i].option) && !check_output(cli, i, err)) return false;
    }
    return true;
}

const char *outputs_export(const struct cli *cli)
{
    for (size_t i = 0; i < cli->value_count; i++) {
        const struct option *option = cli->values[i].option;
        if (option->type == OPTION_OUTPUT) return option->name;
    }
    return NULL;
}
