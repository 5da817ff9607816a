// How numbers, moments and probabilities are written, the same on every page.
import type { Say } from "../words/words";

const DAY_MS = 86400000;

export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Fen as yuan: "1,250.00". */
export function yuan(fen: number): string {
  const cents = Math.abs(fen) % 100;
  return `${fen < 0 ? "−" : ""}${count(Math.floor(Math.abs(fen) / 100))}.${cents < 10 ? "0" : ""}${cents}`;
}

/** "2020-autumn" and "2020-2021" in words. */
export function periodName(period: string, t: Say): string {
  const [year, part] = period.split("-");
  if (part === "spring") return t("aid.term_spring", { year });
  return part === "autumn" ? t("aid.term_autumn", { year }) : t("aid.school_year", { from: year, to: part ?? "" });
}

/** "0.987654" as "98.8%"; never rounded up to certainty. */
export function percent(probability: string | number): string {
  const p = Number(probability);
  if (!isFinite(p)) return "";
  if (p > 0.999 && p < 1) return ">99.9%";
  if (p < 0.001 && p > 0) return "<0.1%";
  return `${(p * 100).toFixed(1)}%`;
}

export function share(part: number, whole: number): string {
  return whole > 0 ? percent(part / whole) : "–";
}

/** How many of each ten thousand, "5.0". */
export function inTenThousand(part: number, whole: number): string {
  if (whole <= 0) return "–";
  const rate = (part / whole) * 10000;
  return rate > 0 && rate < 0.05 ? "<0.1" : rate.toFixed(1);
}

const two = (n: number) => (n < 10 ? `0${n}` : String(n));

/** The day of a moment here, "2020-11-25". */
export function dayOf(ms: number): string {
  const d = new Date(ms);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

export function moment(ms: number | null): string {
  if (ms === null) return "";
  const d = new Date(ms);
  return `${dayOf(ms)} ${two(d.getHours())}:${two(d.getMinutes())}`;
}

export function daysSince(ms: number, now: number): number {
  return Math.max(0, Math.floor((now - ms) / DAY_MS));
}

/** How old something is, in words. */
export function age(ms: number, now: number, t: Say): string {
  const days = daysSince(ms, now);
  if (days === 0) return t("fresh.today");
  if (days < 60) return t("fresh.days", { n: days });
  return t("fresh.months", { n: Math.round(days / 30.4) });
}

/** Weights are thousandths of a bit: "+12.3". */
export function bits(millibits: number): string {
  const text = (Math.abs(millibits) / 1000).toFixed(1);
  return millibits < 0 ? `−${text}` : `+${text}`;
}

/** The day `days` before `day`. */
export function dayBefore(day: string, days: number): string {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return isNaN(ms) ? "" : new Date(ms - days * DAY_MS).toISOString().slice(0, 10);
}
