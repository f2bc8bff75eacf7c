// Administration: the network of offices, the audit log, and how the system is.
import { Administration, type SectionProps } from "../../parts/administration";
import { lazy } from "../../parts/lazy";
import { Loading } from "../../parts/states";
import type { ViewProps } from "../../views";
import { Audit } from "./audit";
import { State } from "./state";

const Network = lazy<SectionProps>(() => import("./network").then((part) => part.Network), ["page_network"], <Loading />);
const PARTS = { "/admin/network": Network, "/admin/audit": Audit, "/admin/system": State };

export default function System({ place }: ViewProps) {
  return <Administration place={place} parts={PARTS} />;
}
