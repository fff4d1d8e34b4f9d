# horn_add_model(target model.keras [CPU cpu] [FLAGS ...]): compiles a Keras model when the project
# is built. `target` is a static library; what links it includes "target.h" and calls
# target_run(...). Paths are from the current source folder. CPU is LLVM's name ("x86-64-v3"); this
# machine's unless given. FLAGS go to `horn compile` as they are.
#
#   find_package(Horn REQUIRED COMPONENTS runtime)
#   horn_add_model(digits digits.keras CPU x86-64-v3)
#   target_link_libraries(program PRIVATE digits)
function(horn_add_model target model)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "CPU" "FLAGS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "horn_add_model(${target}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT target MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
    message(FATAL_ERROR "horn_add_model(${target}): the target names C functions; expected letters, digits and _")
  endif()
  get_filename_component(model "${model}" ABSOLUTE)
  if(NOT EXISTS "${model}")
    message(FATAL_ERROR "horn_add_model(${target}): no file ${model}")
  endif()
  if(arg_CPU)
    list(APPEND arg_FLAGS --cpu "${arg_CPU}")
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}.horn")
  set(object "${folder}/${target}.o")
  set(header "${folder}/${target}.h")
  file(MAKE_DIRECTORY "${folder}")
  add_custom_command(OUTPUT "${object}" "${header}"
    COMMAND Horn::horn compile "${model}" -o "${object}" --header "${header}" --name ${target} ${arg_FLAGS}
    DEPENDS Horn::horn "${model}"
    COMMENT "Compiling ${model}"
    VERBATIM)
  add_library(${target} STATIC "${object}" "${header}")
  set_source_files_properties("${object}" PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  list(GET languages 0 language)
  if("C" IN_LIST languages)
    set(language C)
  endif()
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE ${language})
  target_include_directories(${target} INTERFACE "${folder}")
  target_link_libraries(${target} INTERFACE Horn::runtime m)
endfunction()
