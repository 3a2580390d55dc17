-- Marks the installation as holding invented data. There is no way back: such a database is thrown away.
UPDATE installation SET demonstration = true WHERE NOT demonstration
