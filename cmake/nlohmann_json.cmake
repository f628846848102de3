# LINREG_JSON_INCLUDE, the folder to include <nlohmann/json.hpp> from. The header is linked to a folder of its own:
# /usr/include itself must not get between a cross compiler and its libc.
find_path(NLOHMANN_JSON_DIR nlohmann/json.hpp PATHS /usr/include /usr/local/include /opt/homebrew/include
          NO_CMAKE_FIND_ROOT_PATH REQUIRED)
set(LINREG_JSON_INCLUDE "${PROJECT_BINARY_DIR}/include")
file(MAKE_DIRECTORY "${LINREG_JSON_INCLUDE}")
file(CREATE_LINK "${NLOHMANN_JSON_DIR}/nlohmann" "${LINREG_JSON_INCLUDE}/nlohmann" SYMBOLIC)
