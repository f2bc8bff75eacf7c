// What the audit log names in the program's short words, said to a reader. What is not in the table stays as it is.
import type { Terms } from "../../words/names";
import { say } from "../../words/say";

const DEEDS: Record<string, string> = {
  put: "admin.did_put", erase: "admin.did_erase", "read private": "admin.did_read_private", "export private": "admin.did_export_private",
  restore: "admin.did_restore", backup: "admin.did_backup", "retry letter": "admin.did_retry", "token create": "admin.did_give", "token revoke": "admin.did_take_away",
  "put office": "admin.did_put_office", "remove office": "admin.did_remove_office", "put desk": "admin.did_put_desk", "remove desk": "admin.did_remove_desk",
  "keep brief": "admin.did_keep_brief", "remove brief": "admin.did_remove_brief", "check checked": "admin.did_check", "check not_checked": "admin.did_uncheck",
  "check excluded": "admin.did_exclude", "another list of exclusions": "admin.did_list", "compared with the list of exclusions": "admin.did_compare",
  "begin draft": "admin.did_begin_draft", "read private draft": "admin.did_read_draft", "export draft": "admin.did_export_draft",
};

export function deedOf(what: string, terms: Terms | null): string {
  if (DEEDS[what]) return say(DEEDS[what]!);
  const [, verb] = /^case (\w+)$/.exec(what) ?? [];
  if (verb) {
    const lists = Object.entries(terms ?? {}).filter(([name]) => name.endsWith(".act"));
    const act = lists.map(([, list]) => list[verb]).find(Boolean) ?? verb;
    return say("admin.did_act", { act });
  }
  const [, survivor] = /^alias of (.+)$/.exec(what) ?? [];
  if (survivor) return say("admin.did_merge", { id: survivor });
  const [, office] = /^contacts released in \S+ to (.+)$/.exec(what) ?? [];
  return office ? say("admin.did_release", { office }) : what;
}
