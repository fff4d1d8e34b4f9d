# What the tools link of LLVM and MLIR, as the target horn_static_llvm: decision 0015. There is none
# where the archives are not installed, or not wanted.
option(HORN_STATIC_TOOLS "link the tools with LLVM's static libraries, where they are installed" ON)

# The archive of an imported target; empty for one that has none, as it is only a list of others.
function(horn_archive_of target result)
  set(archive "")
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    get_target_property(configurations ${target} IMPORTED_CONFIGURATIONS)
    list(GET configurations 0 configuration)
    get_target_property(archive ${target} IMPORTED_LOCATION_${configuration})
  endif()
  set(${result} "${archive}" PARENT_SCOPE)
endfunction()

# horn_collect_archives(result target ...): the archives of targets and of all that they need, and the
# system's libraries that these need.
function(horn_collect_archives result)
  set(pending ${ARGN})
  set(found "")
  # What targets say of the shared libraries is left out: with both kinds there would be two copies
  # of all TypeIDs.
  set(seen LLVM MLIR)
  while(pending)
    list(POP_FRONT pending item)
    string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" item "${item}")
    if(item IN_LIST seen)
      continue()
    endif()
    list(APPEND seen ${item})
    if(item STREQUAL "zstd::libzstd_shared" AND NOT TARGET ${item})
      # Debian's llvm-22-dev brings the library, but not the package that makes this target.
      find_library(HORN_ZSTD NAMES zstd libzstd.so.1)
      set(item ${HORN_ZSTD})
    endif()
    if(TARGET ${item} AND item MATCHES "^(LLVM|MLIR)")
      get_target_property(needed ${item} INTERFACE_LINK_LIBRARIES)
      if(needed)
        list(APPEND pending ${needed})
      endif()
      horn_archive_of(${item} item)
    endif()
    list(APPEND found ${item})
  endwhile()
  set(${result} ${found} PARENT_SCOPE)
endfunction()

# The first of some libraries that is not there, or nothing.
function(horn_first_missing result)
  set(${result} "" PARENT_SCOPE)
  foreach(item IN LISTS ARGN)
    if(item MATCHES "^(LLVM|MLIR)|NOTFOUND$" OR (IS_ABSOLUTE "${item}" AND NOT EXISTS "${item}"))
      set(${result} ${item} PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

if(HORN_STATIC_TOOLS AND NOT HORN_SANITIZER)
  llvm_map_components_to_libnames(llvm_libraries
    native asmparser bitreader bitwriter core frontendopenmp irreader linker object orcjit passes
    support supportlsp)
  horn_collect_archives(archives
    MLIRArithToLLVM MLIRArithTransforms MLIRControlFlowToLLVM MLIRFuncDialect MLIRMathToLLVM MLIRParser
    MLIRSCFToControlFlow MLIRTransforms MLIRUBToLLVM MLIRVectorToLLVM MLIRVectorTransforms
    MLIRBuiltinToLLVMIRTranslation MLIRLLVMToLLVMIRTranslation MLIRTargetLLVMIRExport
    MLIRLspServerLib MLIROptLib MLIRReduceLib ${llvm_libraries})
  horn_first_missing(missing ${archives})
  if(missing)
    message(STATUS "No static library ${missing}: tools are linked with the shared ones and start slower")
  else()
    # A group, as they need one another; linkers other than lld look into each once, unless told.
    list(JOIN archives "," archives)
    add_library(horn_static_llvm INTERFACE)
    target_link_libraries(horn_static_llvm INTERFACE "$<LINK_GROUP:RESCAN,${archives}>")
    target_link_options(horn_static_llvm INTERFACE -Wl,--gc-sections -Wl,--as-needed)
  endif()
endif()
