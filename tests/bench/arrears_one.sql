-- A batch that changes one payment. :batch
INSERT INTO batch (batch_id, source_id, started_at) SELECT :batch, source_id, now() FROM source WHERE name = 'bench';
CREATE TEMP TABLE moved AS SELECT p.* FROM payment p WHERE p.voucher_no = 'V-' || to_char(:batch * 1400 + 7, 'FM00000000');
INSERT INTO payment_history SELECT m.*, :batch FROM moved m;
DELETE FROM payment p USING moved m WHERE p.key = m.key;
UPDATE moved SET batch_id = :batch, amount_fen = amount_fen + 100, print = md5(print::text)::uuid;
INSERT INTO payment SELECT * FROM moved;
