# What every target of the project shares: the language, the warnings and the choices a builder has.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

option(SMTPATH_TESTS "Build the tests and benches" ON)
option(SMTPATH_NETWORKS "Build what lays out networks: tests in namespaces, the lab's tools, benches" ON)
option(SMTPATH_SIMULATIONS "Build the tests that run in simulated networks" ON)
option(SMTPATH_PRECOMPILE "Precompile the headers that nearly every source includes" OFF)
option(SMTPATH_WERROR "Treat warnings as errors" OFF)
option(SMTPATH_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(SMTPATH_COVERAGE "Build with coverage counters" OFF)
option(SMTPATH_FUZZ "Build the fuzz targets (clang)" OFF)

find_program(SMTPATH_CCACHE ccache DOC "Compiler cache, used where there is one")
if(SMTPATH_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SMTPATH_CCACHE})
endif()

add_library(smtpath_settings INTERFACE)
target_compile_options(
  smtpath_settings
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wold-style-cast
            -Woverloaded-virtual
            -Wcast-align
            # In optimised builds GCC sees null pointers inside libstdc++ that are none.
            $<$<AND:$<CONFIG:Debug>,$<BOOL:$<TARGET_PROPERTY:SMTPATH_IS_MODULE>>>:-Wnull-dereference>
            $<$<BOOL:${SMTPATH_WERROR}>:-Werror>
)
# Where asserts are on, the standard library checks its own preconditions too: an index past a span's end stops there.
target_compile_definitions(smtpath_settings INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(SMTPATH_SANITIZE)
  target_compile_options(
    smtpath_settings INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                               -fno-omit-frame-pointer
  )
  target_link_options(smtpath_settings INTERFACE -fsanitize=address,undefined)
  # The checks that are compiled in lead GCC's analysis of sizes and values astray; dev keeps these warnings.
  target_compile_options(
    smtpath_settings
    INTERFACE "$<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow;-Wno-array-bounds;-Wno-maybe-uninitialized>"
  )
endif()
# A test's own source runs once: optimising it and describing it to a debugger takes longer than that.
set(smtpath_test_options $<$<CONFIG:Debug>:-O0;-g0>)
if(SMTPATH_COVERAGE)
  target_compile_options(smtpath_settings INTERFACE --coverage)
  target_link_options(smtpath_settings INTERFACE --coverage)
endif()
if(SMTPATH_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "SMTPATH_FUZZ needs clang: use the preset asan")
  endif()
  target_compile_options(smtpath_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()
