// Every page: its path, who may open it, what the menu calls it. A page is loaded when it is opened first.
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import type { Capability } from "../api/types";
import type { WordKey } from "../words/words";

export interface PageProps {
  params: Record<string, string>;
}

export interface PageEntry {
  path: string;
  /** null: everybody who is logged in. */
  capability: Capability | null;
  page: LazyExoticComponent<ComponentType<PageProps>>;
  /** The chapter of the guide that concerns it. */
  help: string;
  /** In the menu under this name, and opened by G and this key. */
  menu?: { name: WordKey; key: string };
}

type Loader = () => Promise<{ default: ComponentType<PageProps> }>;

function page(
  path: string,
  capability: Capability | null,
  help: string,
  load: Loader,
  name?: WordKey,
  key = "",
): PageEntry {
  return { path, capability, help, page: lazy(load), menu: name && { name, key } };
}

// The first that stands in the menu of somebody is that person's home. "/imports/new" comes before "/imports/:batch".
export const pages: PageEntry[] = [
  page("/", "look", "queue", () => import("../pages/queue"), "menu.queue", "q"),
  page("/findings", "look", "findings", () => import("../pages/findings"), "menu.findings", "f"),
  page("/cases", "look", "cases", () => import("../pages/cases"), "menu.cases", "c"),
  page("/cases/:case", "look", "cases", () => import("../pages/case")),
  page("/case-sheets", "work", "cases", () => import("../pages/case_sheets")),
  page("/risk", "look", "cases", () => import("../pages/risk"), "menu.risk", "x"),
  page("/ledgers", "look", "cases", () => import("../pages/ledgers"), "menu.ledgers", "4"),
  page("/ledgers/:ledger", "look", "cases", () => import("../pages/ledgers")),
  page("/persons/:person", "look", "person", () => import("../pages/person")),
  page("/reviews", "review", "reviews", () => import("../pages/reviews"), "menu.reviews", "r"),
  page("/reviews/:pair", "review", "reviews", () => import("../pages/review")),
  page("/imports", "import", "imports", () => import("../pages/imports"), "menu.imports", "i"),
  page("/imports/new", "import", "imports", () => import("../pages/import_new")),
  page("/imports/:batch", "import", "imports", () => import("../pages/import_one")),
  page("/aid", "look", "aid", () => import("../pages/aid"), "menu.aid", "e"),
  page("/aid/:scheme", "look", "aid", () => import("../pages/aid_scheme")),
  page("/policy", "look", "aid", () => import("../pages/policy"), "menu.policy", "o"),
  page("/figures", "look", "figures", () => import("../pages/figures"), "menu.figures", "n"),
  page("/figures/:figure", "look", "figures", () => import("../pages/figure")),
  page("/publications", "look", "figures", () => import("../pages/publications"), "menu.publications", "z"),
  page("/publications/:first/:second", "look", "figures", () => import("../pages/differences")),
  page("/article", "look", "figures", () => import("../pages/article"), "menu.article", "t"),
  page("/payments", "pay", "payments", () => import("../pages/payments"), "menu.payments", "b"),
  page("/payments/:batch", "pay", "payments", () => import("../pages/payment_lines")),
  page("/funds", "pay", "payments", () => import("../pages/funds"), "menu.funds", "k"),
  page("/approvals", "export", "findings", () => import("../pages/approvals"), "menu.approvals", "p"),
  page("/leader", "look", "leader", () => import("../pages/leader"), "menu.leader", "l"),
  page("/schools", "look", "schools", () => import("../pages/schools"), "menu.schools", "s"),
  page("/schools/:code", "look", "schools", () => import("../pages/school")),
  page("/villages", "look", "schools", () => import("../pages/villages"), "menu.villages", "v"),
  page("/standards", "look", "schools", () => import("../pages/standards"), "menu.standards", "w"),
  page("/placing", "look", "placing", () => import("../pages/placing"), "menu.placing", "j"),
  page("/placing/eligible", "look", "placing", () => import("../pages/placing_eligible")),
  page("/placing/eligible/units", "look", "placing", () => import("../pages/placing_eligible_units")),
  page("/placing/eligible/conflicts", "look", "placing", () => import("../pages/placing_conflicts")),
  page("/placing/eligible/:record", "look", "placing", () => import("../pages/placing_applicant")),
  page("/placing/runs", "look", "placing", () => import("../pages/placing_runs")),
  page("/placing/runs/:run", "look", "placing", () => import("../pages/placing_run")),
  page("/placing/why", "look", "placing", () => import("../pages/placing_why")),
  page("/placing/duty", "look", "placing", () => import("../pages/placing_duty")),
  page("/requirements", "look", "boards", () => import("../pages/requirements"), "menu.requirements", "g"),
  page("/kindergartens", "look", "boards", () => import("../pages/kindergartens"), "menu.kindergartens", "1"),
  page("/teachers", "look", "boards", () => import("../pages/teachers"), "menu.teachers", "2"),
  page("/cooperation", "look", "boards", () => import("../pages/cooperation"), "menu.cooperation", "3"),
  page("/registers", "look", "registers", () => import("../pages/registers"), "menu.registers", "d"),
  page("/users", "users", "users", () => import("../pages/users"), "menu.users", "u"),
  page("/audit", "audit", "audit", () => import("../pages/audit"), "menu.audit", "a"),
  page("/system", "system", "system", () => import("../pages/system"), "menu.system", "y"),
  page("/guide", null, "guide", () => import("../pages/guide"), "menu.guide", "h"),
  page("/account", null, "account", () => import("../pages/account"), "menu.account", "m"),
];
