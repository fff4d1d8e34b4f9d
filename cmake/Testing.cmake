# horn_add_unit_test(name SOURCES ... [LINK ...] [LABELS ...]): one GoogleTest binary, one ctest entry.
# horn_add_lit_suite(name folder): the lit tests of a folder as one ctest entry.
# Tests compile all they run: no object code from earlier runs.
set(HORN_TEST_ENVIRONMENT "HORN_CACHE_DIR=")
find_program(HORN_LIT NAMES lit-22 lit)

function(horn_add_unit_test name)
  cmake_parse_arguments(arg "MLIR" "" "SOURCES;LINK;LABELS" ${ARGN})
  find_package(GTest REQUIRED)
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE horn_options ${arg_LINK} GTest::gtest GTest::gtest_main)
  if(arg_MLIR)
    target_link_libraries(${name} PRIVATE horn_mlir)
  endif()
  target_compile_definitions(${name} PRIVATE HORN_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES LABELS "unit;${arg_LABELS}"
    ENVIRONMENT "${HORN_TEST_ENVIRONMENT}")
endfunction()

function(horn_add_lit_suite name folder)
  add_test(NAME ${name} COMMAND ${HORN_LIT} -sv --config-prefix=lit ${folder})
  set_tests_properties(${name} PROPERTIES LABELS lit
    ENVIRONMENT "HORN_BINARY_DIR=${PROJECT_BINARY_DIR};${HORN_TEST_ENVIRONMENT}")
endfunction()
