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
  open?: boolean; // for whoever has no account: nobody is asked to sign in, and the officers' navigation is away
  later?: readonly string[]; // catalogues of what parts/lazy.tsx brings
  load: () => Promise<{ default: ComponentType<ViewProps> }>;
  within?: string; // the entry of the navigation that it stands under, where it has none of its own
  nav?: { word: string; href: string; wide?: boolean }; // wide: under More on a phone
}

export const VIEWS: readonly ViewRow[] = [
  { view: "sign_in", paths: ["/sign-in"], words: ["page_sign_in"], open: true, load: () => import("./views/sign_in/sign_in") },
  { view: "home", paths: ["/"], words: ["page_home"], load: () => import("./views/home/home"),
    nav: { word: "term.today", href: "/" } },
  { view: "search", paths: ["/search"], words: ["page_search"], later: ["page_map"], load: () => import("./views/search/search"),
    nav: { word: "term.search", href: "/search" } },
  { view: "pipeline", paths: ["/pipeline"], words: ["page_pipeline"], later: ["page_case", "page_acts"], load: () => import("./views/pipeline/pipeline"),
    nav: { word: "term.pipeline", href: "/pipeline" } },
  { view: "case_new", paths: ["/cases/new"], words: ["page_case", "page_acts"], load: () => import("./views/case_new/case_new"), within: "/pipeline" },
  { view: "case", paths: ["/cases/:id"], words: ["page_case"], later: ["page_acts"], load: () => import("./views/case/case"), within: "/pipeline" },
  { view: "form", paths: ["/profiles/new", "/profiles/:id/edit"], words: ["page_form"], later: ["page_checks"], load: () => import("./views/form/form") },
  { view: "draft", paths: ["/drafts/new", "/drafts/confirm", "/drafts/:id"], words: ["page_form", "page_draft"], later: ["page_checks", "page_own"], open: true, load: () => import("./views/draft/draft") },
  { view: "versions", paths: ["/profiles/:id/versions", "/profiles/:id/versions/:range"], words: ["page_profile", "page_versions"], load: () => import("./views/versions/versions") },
  { view: "review", paths: ["/reviews/:id"], words: ["page_versions", "page_review"], load: () => import("./views/review/review") },
  { view: "profile", paths: ["/profiles/:id", "/profiles/:id/matches"], words: ["page_profile"], load: () => import("./views/profile/profile") },
  { view: "compare", paths: ["/compare"], words: ["page_compare"], load: () => import("./views/compare/compare") },
  { view: "brief", paths: ["/countries/:code"], words: ["page_brief"], load: () => import("./views/brief/brief") },
  { view: "match", paths: ["/matches/:a/:b"], words: ["page_match"], load: () => import("./views/match/match") },
  { view: "programme", paths: ["/programmes", "/programmes/:slug"], words: ["page_programme", "page_map"], load: () => import("./views/programme/programme"),
    nav: { word: "column.programmes", href: "/programmes", wide: true } },
  { view: "panel", paths: ["/programmes/:slug/panels/new"], words: ["page_panel"], load: () => import("./views/panel/panel"), within: "/programmes" },
  { view: "runs", paths: ["/runs", "/runs/:id", "/news"], words: ["page_runs"], load: () => import("./views/runs/runs"),
    nav: { word: "nav.runs", href: "/runs", wide: true } },
  { view: "reports", paths: ["/reports"], words: ["page_reports"], load: () => import("./views/reports/reports"),
    nav: { word: "nav.reports", href: "/reports", wide: true } },
  { view: "portfolio", paths: ["/projects/:id/portfolio"], words: ["page_portfolio"], load: () => import("./views/portfolio/portfolio") },
  { view: "import", paths: ["/import"], words: ["page_import"], load: () => import("./views/import/import"), nav: { word: "nav.import", href: "/import", wide: true } },
  { view: "admin", paths: ["/admin/access", "/admin/letters"], words: ["page_administration", "page_admin"], load: () => import("./views/admin/admin"),
    nav: { word: "nav.admin", href: "/admin/access", wide: true } },
  { view: "offices", paths: ["/admin/offices", "/admin/desks"], words: ["page_administration", "page_offices"], load: () => import("./views/offices/offices"), within: "/admin/access" },
  { view: "suitcase", paths: ["/suitcase", "/admin/suitcases"], words: ["page_administration", "page_suitcase"], later: ["page_form", "page_checks"], load: () => import("./views/suitcase/suitcase"), within: "/admin/access" },
  { view: "system", paths: ["/admin/network", "/admin/audit", "/admin/system"], words: ["page_administration", "page_system"], later: ["page_network"], load: () => import("./views/system/system"), within: "/admin/access" },
];
