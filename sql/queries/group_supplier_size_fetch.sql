FETCH FORWARD 1024 FROM group_supplier_size
