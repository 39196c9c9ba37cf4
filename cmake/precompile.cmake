# What nearly every source includes is parsed once: half of the time of compiling goes into it. The preset tidy does
# without, and so sees an include that is missing.

# smtpath_precompiled_set(KIND HEADER...)
function(smtpath_precompiled_set kind)
  set(empty ${PROJECT_BINARY_DIR}/precompiled.cpp)
  file(CONFIGURE OUTPUT ${empty} CONTENT "")
  add_library(smtpath_precompiled_${kind} OBJECT ${empty})
  target_link_libraries(smtpath_precompiled_${kind} PRIVATE smtpath_settings fmt::fmt)
  target_precompile_headers(smtpath_precompiled_${kind} PRIVATE ${ARGN})
endfunction()

if(SMTPATH_PRECOMPILE)
  set(headers <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <set> <span> <string> <variant> <vector>)
  list(APPEND headers <fmt/format.h>)
  smtpath_precompiled_set(module ${headers})
  if(SMTPATH_TESTS)
    smtpath_precompiled_set(test ${headers} <gtest/gtest.h>)
    # Apart from the others: parsed or not, this one takes half a second of every source.
    smtpath_precompiled_set(json_test ${headers} <gtest/gtest.h> <nlohmann/json.hpp>)
    foreach(kind test json_test)
      target_link_libraries(smtpath_precompiled_${kind} PRIVATE GTest::gtest)
      target_compile_options(smtpath_precompiled_${kind} PRIVATE "${smtpath_test_options}")
    endforeach()
  endif()
endif()

# smtpath_precompile(TARGET KIND), KIND being module, test or json_test
function(smtpath_precompile target kind)
  if(NOT SMTPATH_PRECOMPILE)
    return()
  endif()
  target_precompile_headers(${target} REUSE_FROM smtpath_precompiled_${kind})
  # Compilers want the very macros that the headers were parsed with.
  target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:fmt::fmt,INTERFACE_COMPILE_DEFINITIONS>)
  # GCC would look for garbage in what it loaded, at the start of each source. GCC 12 also takes what is precompiled for
  # our own code, and finds overruns and null pointers there that are none.
  set(quicker "SHELL:--param ggc-min-heapsize=4000000")
  set(quieter -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-null-dereference)
  target_compile_options(${target} PRIVATE "$<$<CXX_COMPILER_ID:GNU>:${quicker};${quieter}>")
endfunction()
