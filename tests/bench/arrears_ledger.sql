-- A ledger of :size obligations: four to a contract, one payment each that names it (one in seven pays half), five years of
-- contracts, half a percent due on the day of evaluation. Everything is computed from the number: the same on every run.
\set contracts :size / 4
\set suppliers 'greatest(:size / 50, 10)'
\set units 'greatest(:size / 2000, 10)'
SET synchronous_commit = off;
INSERT INTO source (name, kind) VALUES ('bench', 'import');
INSERT INTO batch (batch_id, source_id, started_at) SELECT 1, source_id, now() FROM source WHERE name = 'bench';
INSERT INTO unit SELECT md5('u' || i)::uuid, md5('u' || i)::uuid, 1, i, NULL, to_char(i, 'FM000000'), '', '单位' || i,
  CASE WHEN i > 10 THEN to_char(i % 10 + 1, 'FM000000') ELSE '' END, CASE WHEN i % 3 = 0 THEN 'institution' ELSE 'organ' END, NULL, NULL
FROM generate_series(1, :units) i;
INSERT INTO supplier SELECT md5('s' || i)::uuid, md5('s' || i)::uuid, 1, i, NULL, to_char(i, 'FM91000000000000000'), '供应商' || i,
  (ARRAY['S', 'X', 'M', 'S', 'L'])[i % 5 + 1], 'industry', 40 + i % 200, 1000000000, NULL, 2024, 'register', '', false
FROM generate_series(1, :suppliers) i;
INSERT INTO contract SELECT md5('c' || i)::uuid, md5('c' || i)::uuid, 1, i, NULL, 'C-' || to_char(i, 'FM00000000'), 'P-' || i, '',
  to_char(i % :units + 1, 'FM000000'), to_char(i % :suppliers + 1, 'FM91000000000000000'), date '2022-01-05' + i % 1700,
  10000000 + i % 90000000, 'CNY', 'none', NULL, NULL, NULL, NULL, (ARRAY['S', 'X', 'M', 'S', 'L'])[i % 5 + 1], NULL,
  30, 'day', 'acceptance', 10, CASE WHEN i % 4 = 0 THEN 60000 END, NULL, 365, 'active', NULL, '', ''
FROM generate_series(1, :contracts) i;
INSERT INTO obligation SELECT md5('o' || i)::uuid, md5('o' || i)::uuid, 1, i, NULL, 'O-' || to_char(i, 'FM00000000'),
  'C-' || to_char((i - 1) / 4 + 1, 'FM00000000'), 'delivery', 1000000 + i % 9000000, 'CNY',
  c.signed_on + 20 + i % 40, c.signed_on + 25 + i % 40, NULL, CASE WHEN i % 200 = 0 THEN date '2026-10-20' END, NULL, NULL, NULL,
  '', '', '', NULL, NULL, NULL, '', ''
FROM generate_series(1, :size) i JOIN contract c ON c.contract_no = 'C-' || to_char((i - 1) / 4 + 1, 'FM00000000');
INSERT INTO payment SELECT md5('p' || i)::uuid, md5('p' || i)::uuid, 1, i, NULL, 'V-' || to_char(i, 'FM00000000'), o.contract_no,
  o.obligation_no, c.unit_code, c.supplier_uscc, '', CASE WHEN i % 7 = 0 OR i % 200 = 0 THEN o.amount_fen / 2 ELSE o.amount_fen END, 'CNY',
  o.delivered_on + i % 60, o.delivered_on + i % 60, NULL, 'cash', NULL, ''
FROM generate_series(1, :size) i JOIN obligation o ON o.obligation_no = 'O-' || to_char(i, 'FM00000000')
  JOIN contract c ON c.contract_no = o.contract_no;
VACUUM ANALYZE;
