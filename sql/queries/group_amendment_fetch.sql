FETCH FORWARD 512 FROM group_amendment
