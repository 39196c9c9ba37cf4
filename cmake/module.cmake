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
  target_sources(
    smtpath_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers}
  )
  target_include_directories(smtpath_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(
    smtpath_${name}
    PUBLIC ${arg_USES}
    PRIVATE smtpath_settings ${arg_PRIVATE}
  )
endfunction()

# smtpath_test(NAME SOURCES ... USES ... [PRIVATE ...] [LABEL ...])
#
# One GoogleTest program; USES are modules or test support libraries (smtpath::NAME), LABEL selects it in ctest
# (unit, sim, golden, netns).
function(smtpath_test name)
  cmake_parse_arguments(arg "" "LABEL" "SOURCES;USES;PRIVATE" ${ARGN})
  list(TRANSFORM arg_USES PREPEND smtpath::)
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(
    ${name} PRIVATE ${arg_USES} ${arg_PRIVATE} smtpath_settings GTest::gmock GTest::gtest_main
  )
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}")
endfunction()
