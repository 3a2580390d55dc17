-- For the figures of one year. One row: a change of the amount of a contract signed in it, in fen. Only CNY.
-- $1 known batch, $2 fiscal year, $3 units (text array), null = all
SELECT a.contract_no, a.amended_on, a.amount_change_fen
FROM contract_of_year($1::bigint, $2::integer) c JOIN amendment_at($1::bigint) a ON a.contract_no = c.contract_no
WHERE a.currency = 'CNY' AND ($3::text[] IS NULL OR c.unit_code = ANY ($3::text[]))
