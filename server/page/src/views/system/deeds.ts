// What the audit log names in the program's short words, said to a reader. What is not in the table stays as it is.
import type { Terms } from "../../words/names";
import { say } from "../../words/say";

const DEEDS: Record<string, string> = {
  put: "system.did_put", erase: "system.did_erase", "read private": "system.did_read_private", "export private": "system.did_export_private",
  restore: "system.did_restore", backup: "system.did_backup", "retry letter": "system.did_retry", "token create": "system.did_give", "token revoke": "system.did_take_away",
  "token invite": "system.did_invite", "link use": "system.did_open_link", "session begin": "system.did_sign_in", "session end": "system.did_sign_out",
  "suitcase make": "system.did_pack", "suitcase return": "system.did_hand_in", "suitcase revoke": "system.did_revoke_suitcase",
  "put office": "system.did_put_office", "remove office": "system.did_remove_office", "put desk": "system.did_put_desk", "remove desk": "system.did_remove_desk",
  "keep brief": "system.did_keep_brief", "remove brief": "system.did_remove_brief", "check checked": "system.did_check", "check not_checked": "system.did_uncheck",
  "check excluded": "system.did_exclude", "another list of exclusions": "system.did_list", "compared with the list of exclusions": "system.did_compare",
  "begin draft": "system.did_begin_draft", "read private draft": "system.did_read_draft", "export draft": "system.did_export_draft",
};

export function deedOf(what: string, terms: Terms | null): string {
  if (DEEDS[what]) return say(DEEDS[what]!);
  const [, verb] = /^case (\w+)$/.exec(what) ?? [];
  if (verb) {
    const lists = Object.entries(terms ?? {}).filter(([name]) => name.endsWith(".act"));
    const act = lists.map(([, list]) => list[verb]).find(Boolean) ?? verb;
    return say("system.did_act", { act });
  }
  const [, survivor] = /^alias of (.+)$/.exec(what) ?? [];
  if (survivor) return say("system.did_merge", { id: survivor });
  const [, office] = /^contacts released in \S+ to (.+)$/.exec(what) ?? [];
  return office ? say("system.did_release", { office }) : what;
}
