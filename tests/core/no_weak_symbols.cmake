# A kernel unit may run on some machines only. Were it to hold an inline function of a shared header, the linker could
# keep that copy for the whole program, which would then crash elsewhere: whatever is weak belongs to the unit's namespace.
# Usage: cmake -DNM=... -DOBJECTS=a.o,b.o -P no_weak_symbols.cmake
string(REPLACE "," ";" OBJECTS "${OBJECTS}")
if(NOT OBJECTS)
  message(FATAL_ERROR "no kernel objects given")
endif()
foreach(object IN LISTS OBJECTS)
  execute_process(COMMAND "${NM}" --defined-only "${object}" OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]* [WVu] [^\n]*" weak "${symbols}")
  list(FILTER weak EXCLUDE REGEX " _Z[A-Z]*N?[A-Z]*6linreg[0-9]+(scalar|sse2|avx2|avx512|neon)")
  if(weak)
    list(JOIN weak "\n" weak)
    message(SEND_ERROR "${object} defines weak symbols that other code may share:\n${weak}")
  endif()
endforeach()
