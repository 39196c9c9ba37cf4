# The libraries that the modules stand on; tools/setup installs them.

find_package(fmt REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(pcap REQUIRED IMPORTED_TARGET libpcap)
pkg_check_modules(tins REQUIRED IMPORTED_TARGET libtins)
pkg_check_modules(capng REQUIRED IMPORTED_TARGET libcap-ng)
pkg_check_modules(mnl REQUIRED IMPORTED_TARGET libmnl)
# Its pkg-config file asks for packages that only static linking needs.
find_library(SMTPATH_UNBOUND unbound REQUIRED DOC "libunbound")
find_path(SMTPATH_UNBOUND_HEADERS unbound.h REQUIRED DOC "Where libunbound's header is")
add_library(unbound::unbound UNKNOWN IMPORTED)
set_target_properties(
  unbound::unbound PROPERTIES IMPORTED_LOCATION ${SMTPATH_UNBOUND}
                              INTERFACE_INCLUDE_DIRECTORIES ${SMTPATH_UNBOUND_HEADERS}
)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
if(SMTPATH_TESTS)
  find_package(GTest REQUIRED)
endif()
