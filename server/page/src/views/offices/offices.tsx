// Administration: the offices and their desks.
import { Administration } from "../../parts/administration";
import type { ViewProps } from "../../views";
import { Desks } from "./desk_list";
import { Offices } from "./office_list";

const PARTS = { "/admin/offices": Offices, "/admin/desks": Desks };

export default function OfficesView({ place }: ViewProps) {
  return <Administration place={place} parts={PARTS} />;
}
