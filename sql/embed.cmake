# Every .sql file becomes a byte array named sql_text_STEM, declared in generated/sql/embed.h.
# queries/ and copy/ give statements, views/ and migrations/ are listed in order for the migrator.
file(GLOB_RECURSE SETASIDE_SQL_FILES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/sql/*.sql ${PROJECT_SOURCE_DIR}/checks/*.sql
  ${PROJECT_SOURCE_DIR}/alerts/*.sql ${PROJECT_SOURCE_DIR}/daemon/api/*.sql)
set(SETASIDE_SQL_OUT ${PROJECT_BINARY_DIR}/generated/sql)
list(JOIN SETASIDE_SQL_FILES "\n" SETASIDE_SQL_LIST)
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/sql_files.txt CONTENT "${SETASIDE_SQL_LIST}\n")
add_custom_command(
  OUTPUT ${SETASIDE_SQL_OUT}/embed.h ${SETASIDE_SQL_OUT}/embed.c
  COMMAND ${CMAKE_COMMAND} -DLIST=${PROJECT_BINARY_DIR}/sql_files.txt -DOUT=${SETASIDE_SQL_OUT}
    -P ${PROJECT_SOURCE_DIR}/sql/embed_script.cmake
  DEPENDS ${SETASIDE_SQL_FILES} ${PROJECT_BINARY_DIR}/sql_files.txt ${PROJECT_SOURCE_DIR}/sql/embed_script.cmake
  COMMENT "Embedding SQL" VERBATIM)
add_custom_target(setaside_embedded_sql DEPENDS ${SETASIDE_SQL_OUT}/embed.h ${SETASIDE_SQL_OUT}/embed.c)
add_library(setaside_sqltext STATIC ${SETASIDE_SQL_OUT}/embed.c)
target_include_directories(setaside_sqltext PUBLIC ${PROJECT_BINARY_DIR}/generated)
add_dependencies(setaside_sqltext setaside_embedded_sql)
