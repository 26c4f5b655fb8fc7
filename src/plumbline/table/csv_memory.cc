#include "plumbline/table/csv_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace plumbline::csv {

void PreferLargePages(void* memory, size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr size_t kWorthIt = 4 << 20;
  if (bytes < kWorthIt) return;
  const size_t page = sysconf(_SC_PAGESIZE);
  const size_t skip =
      (page - reinterpret_cast<uintptr_t>(memory) % page) % page;
  madvise(static_cast<char*>(memory) + skip, (bytes - skip) / page * page,
          MADV_HUGEPAGE);
#else
  (void)memory, (void)bytes;
#endif
}

}  // namespace plumbline::csv
