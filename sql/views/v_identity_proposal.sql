-- v_identity_proposal: records that give a name and no code, and the codes that the same name stands with elsewhere: in the
-- registers of suppliers and units, and in contracts, payments, declared debts and parties. Only a name links them, so
-- nothing is merged: a person accepts or rejects each pair.
DROP VIEW IF EXISTS v_identity_proposal;
CREATE VIEW v_identity_proposal WITH (security_invoker = true) AS
WITH nameless AS (
  SELECT role, name, name_key(name) AS key, sum(records)::bigint AS records, sum(amount_fen)::bigint AS amount_fen
  FROM (
    SELECT 'supplier' AS role, supplier_name AS name, count(*) AS records, sum(amount_fen) AS amount_fen
    FROM contract WHERE supplier_uscc = '' AND supplier_name <> '' AND currency = 'CNY' GROUP BY supplier_name
    UNION ALL
    SELECT 'supplier', payee_name, count(*), sum(amount_fen)
    FROM payment WHERE payee_uscc = '' AND payee_name <> '' AND currency = 'CNY' GROUP BY payee_name
    UNION ALL
    SELECT 'supplier', creditor_name, count(*), sum(amount_fen)
    FROM obligation WHERE creditor_uscc = '' AND creditor_name <> '' AND currency = 'CNY' GROUP BY creditor_name
    UNION ALL
    SELECT 'unit', buyer_name, count(*), sum(amount_fen)
    FROM contract WHERE unit_code = '' AND buyer_name <> '' AND currency = 'CNY' GROUP BY buyer_name
  ) n GROUP BY role, name
), known AS (
  SELECT role, code, name_key(name) AS key, min(name) AS name, min(because) AS because
  FROM (
    SELECT 'supplier' AS role, uscc AS code, name, '1 register' AS because FROM supplier
    UNION ALL SELECT 'unit', unit_code, name, '1 register' FROM unit
    UNION ALL SELECT DISTINCT 'supplier', supplier_uscc, supplier_name, '2 contract' FROM contract
    UNION ALL SELECT DISTINCT 'supplier', payee_uscc, payee_name, '3 payment' FROM payment
    UNION ALL SELECT DISTINCT 'supplier', creditor_uscc, creditor_name, '4 obligation' FROM obligation
    UNION ALL SELECT DISTINCT 'supplier', supplier_id, supplier_name, '5 party' FROM party
    UNION ALL SELECT DISTINCT 'unit', unit_code, buyer_name, '2 contract' FROM contract
  ) k WHERE code <> '' AND name <> '' GROUP BY role, code, name_key(name)
)
SELECT n.role, n.name, n.records, n.amount_fen, k.code, k.name AS known_name, substr(k.because, 3) AS because,
  count(*) OVER (PARTITION BY n.role, n.name)::integer AS candidates, coalesce(d.verdict, 'proposed') AS state,
  d.person, d.reason, d.decided_at
FROM nameless n JOIN known k ON k.role = n.role AND k.key = n.key
LEFT JOIN v_identity_decision d ON d.role = n.role AND d.name = n.name AND d.code = k.code;
COMMENT ON VIEW v_identity_proposal IS '身份待认定 Names without a code, and codes they may stand for.';
COMMENT ON COLUMN v_identity_proposal.role IS 'supplier or unit';
COMMENT ON COLUMN v_identity_proposal.name IS 'name as the records write it';
COMMENT ON COLUMN v_identity_proposal.records IS 'records that give it without a code';
COMMENT ON COLUMN v_identity_proposal.amount_fen IS 'sum of their amounts, fen';
COMMENT ON COLUMN v_identity_proposal.code IS 'code that the name stands with elsewhere';
COMMENT ON COLUMN v_identity_proposal.known_name IS 'the name there';
COMMENT ON COLUMN v_identity_proposal.because IS 'where: register, contract, payment, obligation, party';
COMMENT ON COLUMN v_identity_proposal.candidates IS 'codes proposed for this name';
COMMENT ON COLUMN v_identity_proposal.state IS 'proposed, accepted, rejected, withdrawn';
COMMENT ON COLUMN v_identity_proposal.person IS 'who decided';
COMMENT ON COLUMN v_identity_proposal.reason IS 'why';
COMMENT ON COLUMN v_identity_proposal.decided_at IS 'when';
