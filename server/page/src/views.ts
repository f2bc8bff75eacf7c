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
  nav?: { word: string; href: string; wide?: boolean }; // wide: under More on a phone
}

export const VIEWS: readonly ViewRow[] = [
  { view: "home", paths: ["/"], words: ["page_home"], load: () => import("./views/home/home"),
    nav: { word: "term.today", href: "/" } },
  { view: "search", paths: ["/search"], words: ["page_search"], load: () => import("./views/search/search"),
    nav: { word: "term.search", href: "/search" } },
  { view: "form", paths: ["/profiles/new", "/profiles/:id/edit"], words: ["page_form"], later: ["page_checks"], load: () => import("./views/form/form") },
  { view: "draft", paths: ["/drafts/new", "/drafts/confirm", "/drafts/:id"], words: ["page_form", "page_draft"], later: ["page_checks", "page_own"], open: true, load: () => import("./views/draft/draft") },
  { view: "versions", paths: ["/profiles/:id/versions", "/profiles/:id/versions/:range"], words: ["page_profile", "page_versions"], load: () => import("./views/versions/versions") },
  { view: "review", paths: ["/reviews/:id"], words: ["page_versions", "page_review"], load: () => import("./views/review/review") },
  { view: "profile", paths: ["/profiles/:id", "/profiles/:id/matches"], words: ["page_profile"], load: () => import("./views/profile/profile") },
  { view: "match", paths: ["/matches/:a/:b"], words: ["page_match"], load: () => import("./views/match/match") },
];
