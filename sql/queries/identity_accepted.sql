-- Names that stand for a code because a person said so.
SELECT role, name, code FROM v_identity_decision WHERE verdict = 'accepted' ORDER BY role, name COLLATE "C"
