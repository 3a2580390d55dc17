-- What is known of contracts and payments (资料覆盖率), per unit. $1 limit, $2 cursor: the unit of the last row.
SELECT unit_code, contracts, contracts_fen, with_size, with_supplier_code, with_signing_day, with_due_basis, payments,
       payments_fen, payments_matched, payments_matched_fen, unit_code AS cursor
  FROM v_coverage
 WHERE $2::text IS NULL OR unit_code COLLATE "C" > $2
 ORDER BY unit_code COLLATE "C"
 LIMIT $1::integer
