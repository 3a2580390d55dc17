import { useEffect, useState } from "preact/hooks";

import { get, type Debt, type Overview, type Page } from "./api";
import { wan, yuan } from "./money";
import { dueSource, standing, word, type Language } from "./words";

function Headline({ language, overview }: { language: Language; overview: Overview }) {
  return (
    <dl class="row">
      <dt>{word(language, "count")}</dt>
      <dd>{overview.overdue_obligations}</dd>
      <dt>{word(language, "contracts")}</dt>
      <dd>{overview.overdue_contracts}</dd>
      <dt>{word(language, "sum")}</dt>
      <dd>{wan(overview.overdue_fen)}</dd>
      <dt>{word(language, "longest")}</dt>
      <dd>{overview.max_overdue_days}</dd>
    </dl>
  );
}

function Row({ language, debt }: { language: Language; debt: Debt }) {
  return (
    <tr>
      <td>
        {debt.unit_name || debt.unit_code}
        <span class="code">{debt.unit_code}</span>
      </td>
      <td>{debt.supplier_name || debt.supplier_uscc}</td>
      <td>{debt.contract_no}</td>
      <td class="number">{yuan(debt.overdue_fen)}</td>
      <td>{debt.due}</td>
      <td class="number">{debt.overdue_days}</td>
      <td>{dueSource(language, debt.due_source)}</td>
      <td>
        {standing(language, debt.standing)}
        {debt.reviewer && <span class="code">{debt.reviewer}</span>}
      </td>
    </tr>
  );
}

export function Arrears({ language, overview }: { language: Language; overview: Overview }) {
  const [items, setItems] = useState<Debt[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);

  async function fetchPage(cursor: string | null) {
    const at = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page = await get<Page<Debt>>(`/api/v1/arrears?status=overdue&coverage=covered&limit=50${at}`);
    setItems((old) => [...(cursor && old ? old : []), ...(page?.items ?? [])]);
    setNext(page?.next ?? null);
  }

  /** A list that could not be read is not an empty list. */
  function load(cursor: string | null) {
    setFailed(false);
    fetchPage(cursor).catch(() => setFailed(true));
  }

  useEffect(() => {
    load(null);
  }, [overview.as_of, overview.known_at]);

  return (
    <>
      <h2>{word(language, "arrears")}</h2>
      <Headline language={language} overview={overview} />
      <p class="facts">{word(language, "arrearsNote")}</p>
      {items && items.length === 0 && <p>{word(language, "none")}</p>}
      {items && items.length > 0 && (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>{word(language, "unit")}</th>
                <th>{word(language, "supplier")}</th>
                <th>{word(language, "contract")}</th>
                <th class="number">{word(language, "amount")}</th>
                <th>{word(language, "due")}</th>
                <th class="number">{word(language, "days")}</th>
                <th>{word(language, "source")}</th>
                <th>{word(language, "standing")}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((debt) => (
                <Row key={debt.obligation_no} language={language} debt={debt} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {failed && (
        <p class="failure" role="alert">
          {word(language, "listFailed")}{" "}
          <button type="button" onClick={() => load(items ? next : null)}>
            {word(language, "again")}
          </button>
        </p>
      )}
      {next && !failed && (
        <button type="button" onClick={() => load(next)}>
          {word(language, "more")}
        </button>
      )}
    </>
  );
}
