-- A person decides whether a name stands for a code ($1 role, $2 name, $3 code, $4 verdict, $5 person, $6 reason). Only what
-- is proposed can be accepted or rejected, a name stands for one code at most, and only what was decided can be withdrawn.
-- One row if it was taken: the number of the decision.
INSERT INTO identity_decision (role, name, code, verdict, person, reason)
SELECT $1::text, $2::text, $3::text, $4::text, $5::text, $6::text
WHERE CASE $4::text
  WHEN 'withdrawn' THEN EXISTS (
    SELECT FROM v_identity_decision d WHERE d.role = $1::text AND d.name = $2::text AND d.code = $3::text AND d.verdict <> 'withdrawn')
  ELSE EXISTS (SELECT FROM v_identity_proposal p WHERE p.role = $1::text AND p.name = $2::text AND p.code = $3::text)
    AND ($4::text <> 'accepted' OR NOT EXISTS (
      SELECT FROM v_identity_decision d WHERE d.role = $1::text AND d.name = $2::text AND d.verdict = 'accepted'))
  END
RETURNING decision_id
