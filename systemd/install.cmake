# What `cmake --install` puts where. Units and the example are plain files; nothing is enabled or started.
install(TARGETS setaside RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(unit IN ITEMS setaside.service setaside-migrate.service setaside.socket)
  install(FILES systemd/${unit} DESTINATION lib/systemd/system)
endforeach()
install(FILES systemd/setaside.sysusers DESTINATION lib/sysusers.d RENAME setaside.conf)
install(FILES systemd/setaside.tmpfiles DESTINATION lib/tmpfiles.d RENAME setaside.conf)
install(FILES systemd/setaside.conf.example DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples RENAME setaside.conf)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
