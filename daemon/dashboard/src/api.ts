import { parse, type Fen } from "./money";

export interface Plan {
  strict_base_fen: Fen;
  adjusted_base_fen: Fen;
  sme_fen: Fen;
  small_micro_fen: Fen;
  items: number;
  sme_status: string;
  small_micro_status: string;
  sme_gap_fen: Fen;
  sme_gap_adjusted_fen: Fen;
  small_micro_gap_fen: Fen;
  small_micro_gap_at_target_fen: Fen;
}
export type Outlook = "on-target" | "gap-fixable" | "gap-at-risk" | "out-of-reach";
/** One target of a scope: what is still possible. */
export interface Target {
  outlook: Outlook;
  gap_fen: Fen;
  capacity_fen: Fen;
  upper_fen: Fen;
  last_day: string;
}
export interface Scope {
  rule: string;
  phase: "collecting" | "in-year" | "preliminary" | "final";
  sme_floor_ppm: number;
  small_micro_floor_ppm: number;
  plan: Plan;
  targets: { sme: Target; small_micro: Target };
  award: { base_fen: Fen; sme_fen: Fen; small_micro_fen: Fen; contracts: number };
}
export interface Figures {
  as_of: string;
  fiscal_year: number;
  quota: { district: Scope; departments: Record<string, Scope> };
  names: Record<string, string>;
}
export interface Overview {
  demonstration: boolean;
  as_of: string;
  known_at: string;
  overdue_obligations: number;
  overdue_contracts: number;
  overdue_fen: Fen;
  max_overdue_days: number;
  undated_obligations: number;
  unknown_size_obligations: number;
  quarantined_rows: number;
  waiting_messages: number;
}
export interface Debt {
  obligation_no: string;
  contract_no: string;
  unit_code: string;
  unit_name: string;
  supplier_uscc: string;
  supplier_name: string;
  due: string;
  due_source: string;
  overdue_fen: Fen;
  overdue_days: number;
  standing: string;
  reviewer: string;
}
export interface Page<T> {
  items: T[];
  next: string | null;
}

/** GET; null when there is nothing yet (404). Anything else that is not 200 throws. */
export async function get<T>(path: string): Promise<T | null> {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return parse(await answer.text()) as T;
}
