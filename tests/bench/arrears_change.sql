-- A batch that changes 1000 obligations spread over the ledger. :batch, :step = every how many
INSERT INTO batch (batch_id, source_id, started_at) SELECT :batch, source_id, now() FROM source WHERE name = 'bench';
CREATE TEMP TABLE moved AS SELECT o.* FROM obligation o
  JOIN generate_series(1, 1000) i ON o.obligation_no = 'O-' || to_char(i * :step - :batch, 'FM00000000');
INSERT INTO obligation_history SELECT m.*, :batch FROM moved m;
DELETE FROM obligation o USING moved m WHERE o.key = m.key;
UPDATE moved SET batch_id = :batch, amount_fen = amount_fen + 100, print = md5(print::text)::uuid;
INSERT INTO obligation SELECT * FROM moved;
