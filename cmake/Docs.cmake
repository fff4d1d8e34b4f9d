# Target `docs`: the reference of the API from its headers, in docs/api of the build folder. Apart from
# the tests, since it needs doxygen; anything public without a text is an error.
find_program(DOXYGEN doxygen)
if(DOXYGEN)
  file(READ ${PROJECT_SOURCE_DIR}/docs/Doxyfile doxyfile)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/docs/Doxyfile @ONLY CONTENT
    "${doxyfile}OUTPUT_DIRECTORY = \"@PROJECT_BINARY_DIR@/docs\"\nPROJECT_NUMBER = @PROJECT_VERSION@\n")
  add_custom_target(docs
    COMMAND ${DOXYGEN} ${PROJECT_BINARY_DIR}/docs/Doxyfile
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMENT "Writing docs/api/index.html"
    VERBATIM)
endif()
