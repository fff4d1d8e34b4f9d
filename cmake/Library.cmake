# horn_add_library(name SOURCES ... [LINK ...] [MLIR]) and horn_add_tool(...): thin wrappers that
# add the project's options. Every source file is named; nothing is globbed.
#
# Who uses an installed library gets neither our warnings nor -fno-rtti, only what it links.
function(horn_add_library name)
  cmake_parse_arguments(arg "MLIR" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC $<BUILD_INTERFACE:horn_options> ${arg_LINK})
  if(arg_MLIR)
    target_link_libraries(${name} PUBLIC $<BUILD_INTERFACE:horn_mlir>)
    target_link_libraries(${name} PRIVATE $<INSTALL_INTERFACE:MLIR> $<INSTALL_INTERFACE:LLVM>)
  endif()
endfunction()

function(horn_add_tool name)
  cmake_parse_arguments(arg "MLIR" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE horn_options ${arg_LINK})
  if(arg_MLIR)
    target_link_libraries(${name} PRIVATE horn_mlir)
  endif()
  if(TARGET horn_static_llvm)
    set_target_properties(${name} PROPERTIES HORN_IS_STATIC ON)
  endif()
endfunction()
