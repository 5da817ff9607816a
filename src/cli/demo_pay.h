#ifndef CLI_DEMO_PAY_H
#define CLI_DEMO_PAY_H

#include "base/json.h"
#include "cli/cli.h"
#include "jobs/cashiers.h"

/* What `baoxue demo` says of the payments of the sample city. */

/* On standard output: what was proposed and held back, what the bank did, the proof of each fund,
 * and where the files are. */
void demo_pay_print(struct cli *cli, const struct cashiers_result *done);

/* The same as an object, in fen. */
void demo_pay_json(struct json *json, const struct cashiers_result *done);

#endif
