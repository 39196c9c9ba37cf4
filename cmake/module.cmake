# smtpath_module(NAME SOURCES ... [USES ...] [PRIVATE ...])
#
# One static library a module, smtpath::NAME. USES are the modules that docs/architecture.md lets it include, PRIVATE the
# third-party targets that its sources need; no header shows those.
function(smtpath_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;PRIVATE" ${ARGN})
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/smtpath/${name}/*.h)
  list(TRANSFORM arg_USES PREPEND smtpath::)

  add_library(smtpath_${name} STATIC ${arg_SOURCES})
  add_library(smtpath::${name} ALIAS smtpath_${name})
  set_target_properties(smtpath_${name} PROPERTIES SMTPATH_IS_MODULE ON)
  target_sources(
    smtpath_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers}
  )
  target_include_directories(smtpath_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(
    smtpath_${name}
    PUBLIC ${arg_USES}
    PRIVATE smtpath_settings ${arg_PRIVATE}
  )
  smtpath_precompile(smtpath_${name} module)
endfunction()

# smtpath_test(NAME SOURCES ... USES ... [PRIVATE ...] [LABEL ...])
#
# One GoogleTest program; USES are modules or test support libraries (smtpath::NAME), LABEL selects it in ctest
# (unit, sim, golden, netns). Tests in network namespaces lean on real time, so nothing else runs beside them.
function(smtpath_test name)
  cmake_parse_arguments(arg "" "LABEL" "SOURCES;USES;PRIVATE" ${ARGN})
  list(TRANSFORM arg_USES PREPEND smtpath::)
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(
    ${name} PRIVATE ${arg_USES} ${arg_PRIVATE} smtpath_settings GTest::gmock GTest::gtest_main
  )
  # In the inlined library code of tests and tools GCC 12 finds null pointers and overruns that are none; the modules keep
  # these warnings.
  target_compile_options(
    ${name} PRIVATE "${smtpath_test_options}" "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow>"
  )
  if("nlohmann_json::nlohmann_json" IN_LIST arg_PRIVATE)
    smtpath_precompile(${name} json_test)
  else()
    smtpath_precompile(${name} test)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}")
  if(arg_LABEL STREQUAL "netns")
    set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)
  endif()
endfunction()

# smtpath_fuzz(NAME SOURCES ... USES ... CORPUS FOLDER)
#
# One libFuzzer program, built with SMTPATH_FUZZ only. As a test it goes through CORPUS, then looks for a crash for
# a quarter of a minute; run it by hand for longer. What takes ten seconds counts as a hang.
function(smtpath_fuzz name)
  cmake_parse_arguments(arg "" "CORPUS" "SOURCES;USES" ${ARGN})
  list(TRANSFORM arg_USES PREPEND smtpath::)
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_USES} smtpath_settings)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  # libFuzzer adds what it finds to the first folder: that is one of the build tree, never the corpus.
  set(found ${PROJECT_BINARY_DIR}/fuzz/${name})
  file(MAKE_DIRECTORY ${found})
  set(limits -max_total_time=15 -timeout=10)
  add_test(NAME ${name} COMMAND ${name} ${limits} -artifact_prefix=${found}/ ${found} ${arg_CORPUS})
  set_tests_properties(${name} PROPERTIES LABELS fuzz COST 100)  # begun first: nothing takes longer
endfunction()
