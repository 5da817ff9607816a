#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

/* The commands, each in the file of its name or of its subject. */

extern const struct command command_aid_decide;
extern const struct command command_aid_explain;
extern const struct command command_aid_proposals;
extern const struct command command_audit;
extern const struct command command_audit_verify;
extern const struct command command_backup;
extern const struct command command_case;
extern const struct command command_cases;
extern const struct command command_cases_ledger;
extern const struct command command_cases_pack;
extern const struct command command_cases_unpack;
extern const struct command command_check;
extern const struct command command_demo;
extern const struct command command_doctor;
extern const struct command command_duty_list;
extern const struct command command_figures;
extern const struct command command_figures_check;
extern const struct command command_figures_compare;
extern const struct command command_figures_publish;
extern const struct command command_figures_published;
extern const struct command command_figures_show;
extern const struct command command_fund_hand_back;
extern const struct command command_fund_list;
extern const struct command command_fund_open;
extern const struct command command_fund_project;
extern const struct command command_fund_projects;
extern const struct command command_fund_receive;
extern const struct command command_help;
extern const struct command command_import;
extern const struct command command_import_list;
extern const struct command command_import_rejects;
extern const struct command command_import_undo;
extern const struct command command_init;
extern const struct command command_keys_rotate;
extern const struct command command_ledger_export;
extern const struct command command_ledger_seal;
extern const struct command command_ledger_verify;
extern const struct command command_link;
extern const struct command command_link_train;
extern const struct command command_match;
extern const struct command command_match_evaluate;
extern const struct command command_match_explain;
extern const struct command command_match_schema;
extern const struct command command_papers;
extern const struct command command_papers_make;
extern const struct command command_pay_approve;
extern const struct command command_pay_explain;
extern const struct command command_pay_export;
extern const struct command command_pay_list;
extern const struct command command_pay_propose;
extern const struct command command_pay_prove;
extern const struct command command_pay_reconcile;
extern const struct command command_pay_recover;
extern const struct command command_pay_return;
extern const struct command command_pay_statement;
extern const struct command command_pay_suspense;
extern const struct command command_pay_void;
extern const struct command command_person;
extern const struct command command_place_explain;
extern const struct command command_place_posts;
extern const struct command command_place_report;
extern const struct command command_place_rotate;
extern const struct command command_place_rotate_verify;
extern const struct command command_place_run;
extern const struct command command_place_verify;
extern const struct command command_policy_check;
extern const struct command command_policy_cover;
extern const struct command command_policy_format;
extern const struct command command_policy_impact;
extern const struct command command_policy_list;
extern const struct command command_policy_show;
extern const struct command command_policy_test;
extern const struct command command_registers;
extern const struct command command_report;
extern const struct command command_restore;
extern const struct command command_retention;
extern const struct command command_retention_apply;
extern const struct command command_review;
extern const struct command command_review_decide;
extern const struct command command_serve;
extern const struct command command_standards;
extern const struct command command_standards_counties;
extern const struct command command_suspects;
extern const struct command command_user;
extern const struct command command_user_add;
extern const struct command command_user_disable;
extern const struct command command_user_enable;
extern const struct command command_user_password;
extern const struct command command_user_reset;

#endif
