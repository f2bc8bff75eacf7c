// Administration: who has access, and the letters that did not leave. No daily task needs a shell.
import { Administration } from "../../parts/administration";
import type { ViewProps } from "../../views";
import { Access } from "./access";
import { Letters } from "./letters";

const PARTS = { "/admin/access": Access, "/admin/letters": Letters };

export default function Admin({ place }: ViewProps) {
  return <Administration place={place} parts={PARTS} />;
}
