-- For the figures of one year. One row: a contract signed in it, in any order, or one of a project of its budget signed after
-- the approval of that in the year before: it counts in no sum, but its project is taken. Only CNY. Amounts in fen, shares and
-- rates in ppm; what bears only on payment is null. $1 known batch, $2 fiscal year, $3 units (text array), null = all
SELECT contract_no, project_code, package_no, unit_code, supplier_uscc, signed_on, amount_fen, reserve_form,
  sme_share_ppm, small_micro_share_ppm, reserved_fen, reserved_small_micro_fen, declared_size, NULL::boolean AS reserved_mark,
  NULL::integer AS agreed_term, NULL::text AS term_unit, NULL::text AS clock_basis, NULL::integer AS inspection_days,
  NULL::bigint AS late_rate_ppm, NULL::bigint AS late_cap_ppm, NULL::integer AS day_base, status = 'cancelled', cancelled_on,
  NULL::text AS payment_clause
FROM contract_of_year($1::bigint, $2::integer)
WHERE $3::text[] IS NULL OR unit_code = ANY ($3::text[])
UNION ALL
SELECT contract_no, c.project_code, package_no, c.unit_code, supplier_uscc, signed_on, amount_fen, reserve_form,
  sme_share_ppm, small_micro_share_ppm, reserved_fen, reserved_small_micro_fen, declared_size, NULL::boolean AS reserved_mark,
  NULL::integer AS agreed_term, NULL::text AS term_unit, NULL::text AS clock_basis, NULL::integer AS inspection_days,
  NULL::bigint AS late_rate_ppm, NULL::bigint AS late_cap_ppm, NULL::integer AS day_base, status = 'cancelled', cancelled_on,
  NULL::text AS payment_clause
FROM (
    SELECT unit_code, project_code, min(approved_on) AS first
    FROM budget_item_at($1::bigint)
    WHERE currency = 'CNY' AND fiscal_year = $2::integer AND project_code <> '' AND approved_on < make_date($2::integer, 1, 1)
      AND ($3::text[] IS NULL OR unit_code = ANY ($3::text[]))
    GROUP BY unit_code, project_code
  ) b JOIN contract_at($1::bigint) c ON c.unit_code = b.unit_code AND c.project_code = b.project_code AND c.signed_on >= b.first
WHERE c.currency = 'CNY' AND c.signed_on BETWEEN make_date($2::integer - 1, 1, 1) AND make_date($2::integer - 1, 12, 31)
