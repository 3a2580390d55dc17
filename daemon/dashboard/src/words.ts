// Every word of the page in both languages. Chinese first; the terms are those of the district's glossary.
export type Language = "zh" | "en";

const words = {
  title: ["中小企业预留份额与账款监测", "SME set-aside and payment monitor"],
  demonstration: ["演示数据", "Demonstration data"],
  asOf: ["测算日", "As of"],
  knownAt: ["数据截至", "Data as of"],
  district: ["全区", "Whole district"],
  planBasis: ["预算（预留）口径", "Plan basis"],
  awardBasis: ["合同口径", "Award basis"],
  smeShare: ["预留给中小企业的份额", "Reserved for SMEs"],
  smallMicroShare: ["其中预留给小微企业的份额", "Of that, for small and micro enterprises"],
  target: ["目标", "Target"],
  strict: ["全口径", "Strict"],
  adjusted: ["扣除不适宜预留后", "Adjusted"],
  base: ["政府采购项目预算总额", "Procurement budget total"],
  gap: ["差额", "Gap"],
  noGap: ["无差额", "No gap"],
  "on-target": ["目前达标", "On target"],
  "gap-fixable": ["有缺口、可补足", "Gap, can be closed"],
  "gap-at-risk": ["缺口较大、需尽快安排", "Gap, act soon"],
  "out-of-reach": ["年内已难补足", "Hardly to be closed this year"],
  "not-reached": ["未达到", "Not reached"],
  "met-exempt": ["扣除不适宜预留后达标", "On target after exemptions"],
  "no-base": ["暂无预算数据", "No budget data yet"],
  collecting: ["预算未齐", "Budgets incomplete"],
  "in-year": ["年度执行中", "Year in progress"],
  preliminary: ["年度初步", "Year, preliminary"],
  final: ["年度终版", "Year, final"],
  capacity: ["可预留余额", "Can still be reserved"],
  upper: ["上限（含待查）", "Upper value (with what is to be found out)"],
  lastDay: ["最迟安排日", "Last day to arrange"],
  departments: ["主管预算单位（按差额排序）", "Departments, by gap"],
  department: ["主管预算单位", "Department"],
  unassigned: ["归属待查", "Department not found"],
  sme: ["中小企业", "SME"],
  smallMicro: ["小微企业", "Small and micro"],
  state: ["测算结果", "Computed result"],
  rule: ["依据", "Rule"],
  arrears: ["疑似逾期（待核实）", "Suspected overdue payments (to be verified)"],
  arrearsNote: [
    "以下为系统按台账数据测算的结果，须经人工核实后方可使用。",
    "Computed from the ledger; to be verified by a person before any use.",
  ],
  count: ["笔数", "Debts"],
  contracts: ["合同数", "Contracts"],
  sum: ["金额（万元）", "Sum (10,000 yuan)"],
  longest: ["最长逾期（天）", "Longest delay (days)"],
  unit: ["预算单位", "Unit"],
  supplier: ["供应商", "Supplier"],
  contract: ["合同编号", "Contract"],
  due: ["应付日", "Due"],
  days: ["逾期天数", "Days overdue"],
  amount: ["逾期金额（元）", "Overdue (yuan)"],
  source: ["期限依据", "Term from"],
  standing: ["核实", "Verification"],
  more: ["更多", "More"],
  none: ["没有疑似逾期的账款。", "No suspected overdue payments."],
  listFailed: ["清单读取失败，以上内容可能不全。", "The list could not be read; what stands above may be incomplete."],
  again: ["重试", "Try again"],
  loading: ["正在读取…", "Loading…"],
  failed: ["读取失败，正在重试：", "Loading failed, retrying: "],
  noRun: ["尚未完成首次测算。", "No evaluation has finished yet."],
  coverage: ["数据覆盖", "Coverage"],
  undated: ["缺少日期、暂不能判断的账款", "Debts without the dates to judge them"],
  unknownSize: ["企业规模未知的账款", "Debts to suppliers of unknown size"],
  quarantined: ["待更正数据（行）", "Quarantined rows"],
  waiting: ["待送达提醒", "Messages waiting"],
  tableView: ["图中数值", "Values of the chart"],
} as const satisfies Record<string, readonly [string, string]>;

export type Word = keyof typeof words;

export function word(language: Language, name: Word): string {
  return words[name][language === "zh" ? 0 : 1];
}

const dueSources: Record<string, readonly [string, string]> = {
  "statutory-30": ["法定30日", "statutory 30 days"],
  "statutory-60": ["法定60日", "statutory 60 days"],
  agreed: ["合同约定", "as agreed"],
  "cap-60": ["约定超过60日，按60日计", "capped at 60 days"],
  "contract-date": ["合同载明的日期", "date in the contract"],
  "clock-start": ["交付或验收日", "clock start"],
};

/** What people found out of a debt that is past its due day by the figures. */
const standings: Record<string, readonly [string, string]> = {
  "maybe-paid": ["可能已付（待匹配支付）", "perhaps paid (a payment is to be matched)"],
  suspected: ["待核实", "to be verified"],
  contested: ["有争议（核实中）", "contested"],
  verified: ["已核实", "verified"],
  refuted: ["经核实未逾期", "found not overdue"],
};

function phrase(table: Record<string, readonly [string, string]>, language: Language, code: string): string {
  const pair = table[code];
  return pair ? pair[language === "zh" ? 0 : 1] : code;
}

export function dueSource(language: Language, code: string): string {
  return phrase(dueSources, language, code);
}

export function standing(language: Language, code: string): string {
  return phrase(standings, language, code);
}
