// Several versions of one function, the best of which is chosen when the
// program starts.
#pragma once

#include <cstdint>  // defines __GLIBC__

// Put before a function whose loops are written to be vectorised: GCC compiles
// it for AVX-512, AVX2 and plain x86-64. It must not be inlined elsewhere, and
// its results must not depend on the instruction set (integers; or doubles
// without reassociation, see -ffp-contract=off). Empty for other compilers and
// processors, and under sanitizers, which start after the choice is made.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && \
    defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) &&            \
    !defined(__SANITIZE_THREAD__)
#define PLUMBLINE_TARGET_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PLUMBLINE_TARGET_CLONES
#endif
