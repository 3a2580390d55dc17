import type { Figures, Scope, Target } from "./api";
import { Bullet } from "./bullet";
import { percent, readable, shareHundredths, wan, type Fen } from "./money";
import { word, type Language, type Word } from "./words";

/** The word for a target; 未达到 exists only in the final phase. */
function verdict(scope: Scope, status: string, target: Target): Word {
  if (status === "no-base" || status === "undefined") return "no-base";
  if (status === "met-after-exemptions") return "met-exempt";
  if (status === "not-met" && scope.phase === "final") return "not-reached";
  return target.outlook;
}

function isGood(name: Word): boolean {
  return name === "on-target" || name === "met-exempt";
}

function Gap({ language, fen }: { language: Language; fen: Fen }) {
  return <>{fen > 0n ? readable(fen) : word(language, "noGap")}</>;
}

interface ShareProps {
  language: Language;
  title: Word;
  part: Fen;
  whole: Fen;
  /** hundredths of a percent */
  floor: number;
  verdict: Word;
  gap: Fen;
  target: Target;
}

function Details({ language, whole, floor, gap, part, target }: ShareProps) {
  return (
    <dl>
      <dt>{word(language, "target")}</dt>
      <dd>{percent(floor)}</dd>
      <dt>{word(language, "gap")}</dt>
      <dd>
        <Gap language={language} fen={gap} />
      </dd>
      {gap > 0n && <dt>{word(language, "capacity")}</dt>}
      {gap > 0n && (
        <dd>
          {readable(target.capacity_fen)}
          {target.last_day && `（${word(language, "lastDay")} ${target.last_day}）`}
        </dd>
      )}
      {target.upper_fen > part && <dt>{word(language, "upper")}</dt>}
      {target.upper_fen > part && <dd>{percent(shareHundredths(target.upper_fen, whole))}</dd>}
    </dl>
  );
}

function Share(props: ShareProps) {
  const { language, title, part, whole, floor } = props;
  const share = shareHundredths(part, whole);
  const name = word(language, title);
  const good = isGood(props.verdict);

  return (
    <section class="card">
      <h3>{name}</h3>
      <p class="headline">
        <strong>{percent(share)}</strong> <span class={good ? "good" : "attention"}>{word(language, props.verdict)}</span>
      </p>
      <Bullet
        value={share}
        target={floor}
        met={good}
        label={`${name} ${percent(share)}，${word(language, "target")} ${percent(floor)}`}
      />
      <Details {...props} />
    </section>
  );
}

export function District({ language, figures }: { language: Language; figures: Figures }) {
  const scope = figures.quota.district;
  const { plan, targets } = scope;

  return (
    <>
      <h2>
        {word(language, "district")} {figures.fiscal_year} · {word(language, "planBasis")}
        <span class="rule">
          {word(language, scope.phase)} · {word(language, "rule")} {scope.rule}
        </span>
      </h2>
      <div class="pair">
        <Share
          language={language}
          title="smeShare"
          part={plan.sme_fen}
          whole={plan.strict_base_fen}
          floor={scope.sme_floor_ppm / 100}
          verdict={verdict(scope, plan.sme_status, targets.sme)}
          gap={plan.sme_gap_fen}
          target={targets.sme}
        />
        <Share
          language={language}
          title="smallMicroShare"
          part={plan.small_micro_fen}
          whole={plan.sme_fen}
          floor={scope.small_micro_floor_ppm / 100}
          verdict={verdict(scope, plan.small_micro_status, targets.small_micro)}
          gap={plan.small_micro_gap_fen}
          target={targets.small_micro}
        />
      </div>
      <p class="facts">
        {word(language, "base")}：{word(language, "strict")} {wan(plan.strict_base_fen)} 万元；{word(language, "adjusted")}{" "}
        {wan(plan.adjusted_base_fen)} 万元（{percent(shareHundredths(plan.sme_fen, plan.adjusted_base_fen))}）
      </p>
    </>
  );
}

function verdicts(scope: Scope): { sme: Word; smallMicro: Word } {
  return {
    sme: verdict(scope, scope.plan.sme_status, scope.targets.sme),
    smallMicro: verdict(scope, scope.plan.small_micro_status, scope.targets.small_micro),
  };
}

/** A gap that exemptions close is no gap for the ranking. */
function rankedGap({ plan }: Scope): Fen {
  return plan.sme_status === "met-after-exemptions" ? 0n : plan.sme_gap_fen;
}

/** Largest SME gap first, then small/micro gap, then code. */
function ranked(departments: Record<string, Scope>): [string, Scope][] {
  const order = (a: Fen, b: Fen) => (a > b ? -1 : a < b ? 1 : 0);
  return Object.entries(departments).sort(
    ([codeA, a], [codeB, b]) =>
      order(rankedGap(a), rankedGap(b)) ||
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
              .map(([code, scope]) => ({ code, plan: scope.plan, words: verdicts(scope) }))
              .map(({ code, plan, words }) => (
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
                  <td class={isGood(words.sme) ? "good" : "attention"}>{word(language, words.sme)}</td>
                  <td class="number">{percent(shareHundredths(plan.small_micro_fen, plan.sme_fen))}</td>
                  <td class="number">
                    <Gap language={language} fen={plan.small_micro_gap_fen} />
                  </td>
                  <td class={isGood(words.smallMicro) ? "good" : "attention"}>{word(language, words.smallMicro)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
