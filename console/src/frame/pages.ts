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
  /** In the menu under this name, and opened by G and this key. */
  menu?: { name: WordKey; key: string };
}

export const pages: PageEntry[] = [
  {
    path: "/",
    capability: "look",
    page: lazy(() => import("../pages/queue")),
    menu: { name: "menu.queue", key: "q" },
  },
  { path: "/persons/:person", capability: "look", page: lazy(() => import("../pages/person")) },
];
