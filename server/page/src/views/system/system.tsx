// Administration: the audit log, and how the system is.
import { Administration } from "../../parts/administration";
import type { ViewProps } from "../../views";
import { Audit } from "./audit";
import { State } from "./state";

const PARTS = { "/admin/audit": Audit, "/admin/system": State };

export default function System({ place }: ViewProps) {
  return <Administration place={place} parts={PARTS} />;
}
