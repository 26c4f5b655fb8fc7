#include "plumbline/table/csv_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace plumbline::csv {

void PreferLargePages(void* memory, size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr size_t kWorthIt = 4 << 20;
  if (bytes < kWorthIt) return;
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t begin =
      (reinterpret_cast<uintptr_t>(memory) + page - 1) / page * page;
  const uintptr_t end =
      (reinterpret_cast<uintptr_t>(memory) + bytes) / page * page;
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  (void)memory, (void)bytes;
#endif
}

}  // namespace plumbline::csv
