# What every target of the project shares: the language, the warnings and the choices a builder has.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

option(SMTPATH_TESTS "Build the tests and benches" ON)
option(SMTPATH_WERROR "Treat warnings as errors" OFF)
option(SMTPATH_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(SMTPATH_COVERAGE "Build with coverage counters" OFF)
option(SMTPATH_FUZZ "Build the fuzz targets (clang)" OFF)

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
            -Wnull-dereference
            $<$<BOOL:${SMTPATH_WERROR}>:-Werror>
)
if(SMTPATH_SANITIZE)
  target_compile_options(
    smtpath_settings INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                               -fno-omit-frame-pointer
  )
  target_link_options(smtpath_settings INTERFACE -fsanitize=address,undefined)
endif()
if(SMTPATH_COVERAGE)
  target_compile_options(smtpath_settings INTERFACE --coverage)
  target_link_options(smtpath_settings INTERFACE --coverage)
endif()
