# Builds the dashboard with npm in the build tree (nothing is written beside the sources) and embeds its files as
# asset_table (daemon/api/assets.h). Without SETASIDE_DASHBOARD the page only names the API.
set(SETASIDE_PAGE_SOURCE ${PROJECT_SOURCE_DIR}/daemon/dashboard)
set(SETASIDE_PAGE_BUILD ${PROJECT_BINARY_DIR}/dashboard)
set(SETASIDE_PAGE_DIST ${SETASIDE_PAGE_BUILD}/dist)
if(SETASIDE_DASHBOARD)
  find_program(NPM npm REQUIRED)
  file(GLOB page_sources CONFIGURE_DEPENDS ${SETASIDE_PAGE_SOURCE}/src/* ${SETASIDE_PAGE_SOURCE}/*.json
    ${SETASIDE_PAGE_SOURCE}/build.mjs ${SETASIDE_PAGE_SOURCE}/.npmrc)
  add_custom_command(
    OUTPUT ${SETASIDE_PAGE_BUILD}/node_modules/.package-lock.json
    COMMAND ${CMAKE_COMMAND} -E make_directory ${SETASIDE_PAGE_BUILD}
    COMMAND ${CMAKE_COMMAND} -E copy ${SETASIDE_PAGE_SOURCE}/package.json ${SETASIDE_PAGE_SOURCE}/package-lock.json
      ${SETASIDE_PAGE_SOURCE}/.npmrc ${SETASIDE_PAGE_BUILD}
    COMMAND ${CMAKE_COMMAND} -E chdir ${SETASIDE_PAGE_BUILD} ${NPM} ci --ignore-scripts --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${SETASIDE_PAGE_BUILD}/node_modules/.package-lock.json
    DEPENDS ${SETASIDE_PAGE_SOURCE}/package.json ${SETASIDE_PAGE_SOURCE}/package-lock.json
    COMMENT "Installing the dashboard's packages" VERBATIM)
  set(page_files ${SETASIDE_PAGE_DIST}/index.html ${SETASIDE_PAGE_DIST}/app.js ${SETASIDE_PAGE_DIST}/app.css)
  add_custom_command(
    OUTPUT ${page_files}
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${SETASIDE_PAGE_SOURCE}/src ${SETASIDE_PAGE_BUILD}/src
    COMMAND ${CMAKE_COMMAND} -E copy ${SETASIDE_PAGE_SOURCE}/tsconfig.json ${SETASIDE_PAGE_SOURCE}/build.mjs
      ${SETASIDE_PAGE_BUILD}
    COMMAND ${CMAKE_COMMAND} -E chdir ${SETASIDE_PAGE_BUILD} ${NPM} run --silent check
    COMMAND ${CMAKE_COMMAND} -E chdir ${SETASIDE_PAGE_BUILD} ${NPM} run --silent build
    DEPENDS ${page_sources} ${SETASIDE_PAGE_BUILD}/node_modules/.package-lock.json
    COMMENT "Building the dashboard" VERBATIM)
else()
  set(page_files ${SETASIDE_PAGE_SOURCE}/absent.html)
endif()
string(REPLACE ";" "," page_list "${page_files}")
add_custom_command(
  OUTPUT ${PROJECT_BINARY_DIR}/generated/api/assets_table.c
  COMMAND ${CMAKE_COMMAND} -DFILES=${page_list} -DOUT=${PROJECT_BINARY_DIR}/generated/api/assets_table.c
    -P ${SETASIDE_PAGE_SOURCE}/embed_script.cmake
  DEPENDS ${page_files} ${SETASIDE_PAGE_SOURCE}/embed_script.cmake
  COMMENT "Embedding the dashboard" VERBATIM)
add_library(setaside_assets STATIC ${PROJECT_BINARY_DIR}/generated/api/assets_table.c)
target_include_directories(setaside_assets PRIVATE ${PROJECT_SOURCE_DIR}/daemon)
target_link_libraries(setaside_api PUBLIC setaside_assets)
