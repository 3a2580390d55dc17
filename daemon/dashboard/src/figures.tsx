import type { Figures, Scope } from "./api";
import { Bullet } from "./bullet";
import { percent, shareHundredths, wan, type Fen } from "./money";
import { word, type Language, type Word } from "./words";

/** Floors in hundredths of a percent, by the rule that the figures name. */
const floors: Record<string, { sme: number; smallMicro: number }> = {
  "Q-1": { sme: 3000, smallMicro: 6000 },
  "Q-2": { sme: 4000, smallMicro: 7000 },
  "Q-3": { sme: 4000, smallMicro: 7000 },
};

function outlook(status: string): Word {
  switch (status) {
    case "met":
      return "outlookMet";
    case "met-after-exemptions":
      return "outlookMetExempt";
    case "not-met":
      return "outlookGap";
    default:
      return "outlookNone";
  }
}

function isMet(status: string): boolean {
  return status === "met" || status === "met-after-exemptions";
}

function Gap({ language, fen }: { language: Language; fen: Fen }) {
  return <>{fen > 0n ? `${wan(fen)} 万元` : word(language, "noGap")}</>;
}

interface ShareProps {
  language: Language;
  title: Word;
  part: Fen;
  whole: Fen;
  floor: number;
  status: string;
  gap: Fen;
}

function Share({ language, title, part, whole, floor, status, gap }: ShareProps) {
  const share = shareHundredths(part, whole);
  const name = word(language, title);

  return (
    <section class="card">
      <h3>{name}</h3>
      <p class="headline">
        <strong>{percent(share)}</strong>{" "}
        <span class={isMet(status) ? "good" : "attention"}>{word(language, outlook(status))}</span>
      </p>
      <Bullet
        value={share}
        target={floor}
        met={isMet(status)}
        label={`${name} ${percent(share)}，${word(language, "target")} ${percent(floor)}`}
      />
      <dl>
        <dt>{word(language, "target")}</dt>
        <dd>{percent(floor)}</dd>
        <dt>{word(language, "gap")}</dt>
        <dd>
          <Gap language={language} fen={gap} />
        </dd>
      </dl>
    </section>
  );
}

export function District({ language, figures }: { language: Language; figures: Figures }) {
  const { rule, plan } = figures.quota.district;
  const floor = floors[rule] ?? floors["Q-1"];

  return (
    <>
      <h2>
        {word(language, "district")} {figures.fiscal_year} · {word(language, "planBasis")}
        <span class="rule">
          {word(language, "rule")} {rule}
        </span>
      </h2>
      <div class="pair">
        <Share
          language={language}
          title="smeShare"
          part={plan.sme_fen}
          whole={plan.strict_base_fen}
          floor={floor.sme}
          status={plan.sme_status}
          gap={plan.sme_gap_fen}
        />
        <Share
          language={language}
          title="smallMicroShare"
          part={plan.small_micro_fen}
          whole={plan.sme_fen}
          floor={floor.smallMicro}
          status={plan.small_micro_status}
          gap={plan.small_micro_gap_fen}
        />
      </div>
      <p class="facts">
        {word(language, "base")}：{word(language, "strict")} {wan(plan.strict_base_fen)} 万元；{word(language, "adjusted")}{" "}
        {wan(plan.adjusted_base_fen)} 万元（{percent(shareHundredths(plan.sme_fen, plan.adjusted_base_fen))}）
      </p>
    </>
  );
}

/** Largest SME gap first, then small/micro gap, then code. */
function ranked(departments: Record<string, Scope>): [string, Scope][] {
  const order = (a: Fen, b: Fen) => (a > b ? -1 : a < b ? 1 : 0);
  return Object.entries(departments).sort(
    ([codeA, a], [codeB, b]) =>
      order(a.plan.sme_gap_fen, b.plan.sme_gap_fen) ||
      order(a.plan.small_micro_gap_fen, b.plan.small_micro_gap_fen) ||
      (codeA < codeB ? -1 : 1),
  );
}

export function Departments({ language, figures }: { language: Language; figures: Figures }) {
  return (
    <>
      <h2>{word(language, "departments")}</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>{word(language, "department")}</th>
              <th class="number">{word(language, "base")}（万元）</th>
              <th class="number">{word(language, "sme")}</th>
              <th class="number">{word(language, "gap")}</th>
              <th>{word(language, "state")}</th>
              <th class="number">{word(language, "smallMicro")}</th>
              <th class="number">{word(language, "gap")}</th>
              <th>{word(language, "state")}</th>
            </tr>
          </thead>
          <tbody>
            {ranked(figures.quota.departments)
              .filter(([, scope]) => scope.plan.strict_base_fen > 0n)
              .map(([code, { plan }]) => (
                <tr key={code}>
                  <td>
                    {code === "?" ? word(language, "unassigned") : figures.names[code] || code}
                    <span class="code">{code}</span>
                  </td>
                  <td class="number">{wan(plan.strict_base_fen)}</td>
                  <td class="number">{percent(shareHundredths(plan.sme_fen, plan.strict_base_fen))}</td>
                  <td class="number">
                    <Gap language={language} fen={plan.sme_gap_fen} />
                  </td>
                  <td class={isMet(plan.sme_status) ? "good" : "attention"}>{word(language, outlook(plan.sme_status))}</td>
                  <td class="number">{percent(shareHundredths(plan.small_micro_fen, plan.sme_fen))}</td>
                  <td class="number">
                    <Gap language={language} fen={plan.small_micro_gap_fen} />
                  </td>
                  <td class={isMet(plan.small_micro_status) ? "good" : "attention"}>
                    {word(language, outlook(plan.small_micro_status))}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
