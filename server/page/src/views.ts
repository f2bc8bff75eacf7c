// THE table of views. The server serves the page at these addresses, the build splits a script and its words for each row,
// the frame makes the navigation of it. `src/views/NAME/NAME.tsx` exports the view.
import type { ComponentType } from "preact";
import type { Place } from "./shell/place";

export interface ViewProps {
  place: Place;
}

export interface ViewRow {
  view: string;
  paths: readonly string[]; // ":id" stands for one part
  words: readonly string[]; // catalogues beside page.toml
  load: () => Promise<{ default: ComponentType<ViewProps> }>;
  within?: string; // the entry of the navigation that it stands under, where it has none of its own
  nav?: { word: string; href: string; wide?: boolean }; // wide: under More on a phone
}

export const VIEWS: readonly ViewRow[] = [
  { view: "home", paths: ["/"], words: ["page_home"], load: () => import("./views/home/home"),
    nav: { word: "term.today", href: "/" } },
  { view: "search", paths: ["/search"], words: ["page_search"], load: () => import("./views/search/search"),
    nav: { word: "term.search", href: "/search" } },
  { view: "profile", paths: ["/profiles/:id", "/profiles/:id/matches"], words: ["page_profile"], load: () => import("./views/profile/profile") },
  { view: "compare", paths: ["/compare"], words: ["page_compare"], load: () => import("./views/compare/compare") },
  { view: "admin", paths: ["/admin/access", "/admin/letters"], words: ["page_admin"], load: () => import("./views/admin/admin"),
    nav: { word: "nav.admin", href: "/admin/access", wide: true } },
  { view: "offices", paths: ["/admin/offices", "/admin/desks"], words: ["page_offices"], load: () => import("./views/offices/offices"), within: "/admin/access" },
  { view: "system", paths: ["/admin/audit", "/admin/system"], words: ["page_system"], load: () => import("./views/system/system"), within: "/admin/access" },
  { view: "brief", paths: ["/countries/:code"], words: ["page_brief"], load: () => import("./views/brief/brief") },
  { view: "import", paths: ["/import"], words: ["page_import"], load: () => import("./views/import/import"), nav: { word: "nav.import", href: "/import", wide: true } },
  { view: "match", paths: ["/matches/:a/:b"], words: ["page_match"], load: () => import("./views/match/match") },
];
