FETCH FORWARD 4096 FROM group_obligation
