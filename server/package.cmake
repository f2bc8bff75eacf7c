# `cpack` makes the Debian package: program, code lists, words, programmes, text models, units, manual. By tests/package/run, which
# makes what is gathered under COUNTERPART_PACKAGE_FILES first and tries the package out.
set(COUNTERPART_MODELS_TO_INSTALL ${PROJECT_SOURCE_DIR}/build/models CACHE PATH "Converted text models, for the package")
set(COUNTERPART_PACKAGE_FILES ${PROJECT_BINARY_DIR}/package CACHE PATH "What make_docs.py wrote")
set(COUNTERPART_PACKAGE_VERSION ${PROJECT_VERSION} CACHE STRING "Version of the package")

set(shared share/counterpart)
install(TARGETS counterpart RUNTIME DESTINATION bin)
install(DIRECTORY datasets/taxonomy datasets/calendar datasets/programmes datasets/samples datasets/words
        DESTINATION ${shared}/datasets)
install(FILES datasets/weights.toml datasets/LICENSES.md DESTINATION ${shared}/datasets)
install(DIRECTORY ${COUNTERPART_MODELS_TO_INSTALL}/ DESTINATION ${shared}/models FILES_MATCHING PATTERN "*.model")
install(FILES datasets/LICENSES.md datasets/encoder/LICENSE.mUSE.txt datasets/encoder/NOTICE.e5.txt
  server/page/NOTICE.preact.txt README.md
  DESTINATION share/doc/counterpart)
# By the names under which README.md sends its readers there; those of the tests and of the samples' making stay here.
foreach(text server/README.md engine/README.md index/README.md index/formats.md datasets/programmes/README.md)
  get_filename_component(folder ${text} DIRECTORY)
  install(FILES ${text} DESTINATION share/doc/counterpart/${folder})
endforeach()
install(DIRECTORY server/systemd/ DESTINATION /lib/systemd/system)
install(DIRECTORY server/nats DESTINATION ${shared})
install(DIRECTORY server/operations DESTINATION ${shared} PATTERN "*.h" EXCLUDE PATTERN "*.cpp" EXCLUDE)
install(FILES server/package/counterpart.toml DESTINATION /etc/counterpart)
install(FILES ${COUNTERPART_PACKAGE_FILES}/counterpart.1.gz DESTINATION share/man/man1 OPTIONAL)
install(FILES ${COUNTERPART_PACKAGE_FILES}/counterpart.bash DESTINATION share/bash-completion/completions
  RENAME counterpart OPTIONAL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME counterpart)
set(CPACK_PACKAGE_VERSION ${COUNTERPART_PACKAGE_VERSION})
set(CPACK_PACKAGE_CONTACT "Counterpart <counterpart@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "finds partners for companies and projects across the development gap")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser")
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/server/package/postinst
  ${PROJECT_SOURCE_DIR}/server/package/prerm ${PROJECT_SOURCE_DIR}/server/package/postrm
  ${PROJECT_SOURCE_DIR}/server/package/conffiles)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
  WORLD_EXECUTE)
include(CPack)
