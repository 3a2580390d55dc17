-- What a finding is about, as an id to be explained. $1 finding_id
SELECT subject_kind, subject FROM v_finding WHERE finding_id = $1::bigint
