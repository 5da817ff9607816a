#ifndef CLI_FIGURES_OPEN_H
#define CLI_FIGURES_OPEN_H

#include "cli/cli.h"
#include "figures/figure_count.h"

/* What the commands about figures begin with. */

#define OPTION_OF_FIGURE_AREA                                                                      \
    {                                                                                              \
        "--area", OPTION_AREA, "CODE", NULL, "只算一个区划", "only one area"                       \
    }

struct cli_figures {
    struct figures figures; /* all that there are */
    const struct figure **wanted;
    size_t count;
    struct asker asker; /* narrowed to --area */
    struct figure_desk desk;
};

/* Opens the workspace, reads the figures and lays out the desk for `key`, or for all when it is
 * empty, as --at, --known and --area say. ERR_USAGE for a figure that there is not, with the
 * nearest name. Lives in cli->arena. */
MUST_USE bool cli_figures_open(struct cli *cli, struct str key, struct cli_figures *out,
                               struct err *err);

/* The same as of the day of an article, unless --at says otherwise; DAY_NONE: the newest. */
MUST_USE bool cli_figures_open_at(struct cli *cli, struct str key, day published,
                                  struct cli_figures *out, struct err *err);

/* The same for the requirements (requirement.h): `key`'s, or all; ERR_USAGE for a key that is none
 * of them, naming those there are. */
MUST_USE bool cli_requirements_open(struct cli *cli, struct str key, struct cli_figures *out,
                                    struct err *err);

/* The figure of this key; ERR_USAGE as above. */
MUST_USE bool cli_figure_find(const struct figures *figures, struct str key,
                              const struct figure **out, struct err *err);

/* The parts of a place as words for a screen: a division's name, else the code. */
struct str cli_place(const struct cli *cli, struct str code);

#endif
