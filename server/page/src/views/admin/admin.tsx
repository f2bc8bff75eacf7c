// Administration: who has access, letters, the audit log, the system. No daily task needs a shell.
import { Administration } from "../../parts/administration";
import type { ViewProps } from "../../views";
import { Access } from "./access";
import { Audit } from "./audit";
import { Letters } from "./letters";
import { System } from "./system";

const PARTS = { "/admin/access": Access, "/admin/letters": Letters, "/admin/audit": Audit, "/admin/system": System };

export default function Admin({ place }: ViewProps) {
  return <Administration place={place} parts={PARTS} />;
}
