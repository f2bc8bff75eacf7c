// Certificates of draws: kept in this browser with what was asked, since invitations are found again by the same file alone.
import { post, type Result, type Schemas } from "../../api/client";
import { keep, readKept } from "../../kept";

export type CertificateData = Schemas["DrawCertificate"];
export type SeatNow = Result<"post", "/v1/panels:invite">["seats"][number];
export type Standing = Map<string, SeatNow>; // by the profile that was drawn first

const nameOf = (address: string) => "certificate:" + address;
export const forget = (address: string) => keep(nameOf(address), null);
export const keepCertificate = (address: string, certificate: CertificateData) => keep(nameOf(address), JSON.stringify(certificate));

export function parsed(text: string | null): CertificateData | null {
  try {
    const value = JSON.parse(text ?? "null") as CertificateData | null;
    return typeof value?.certificate_hash === "string" && typeof value.programme === "string" ? value : null;
  } catch {
    return null;
  }
}
export const readCertificate = (address: string) => parsed(readKept(nameOf(address)));

// How the seats stand; with `preview` false all that nobody was invited to are invited.
export async function invite(certificate: CertificateData, preview: boolean, desk?: string): Promise<{ invited: number; standing: Standing }> {
  const { data } = await post("/v1/panels:invite", certificate, { query: { preview, desk } });
  return { invited: data.invited, standing: new Map(data.seats.map((seat) => [seat.seat, seat])) };
}
