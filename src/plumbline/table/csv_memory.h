// Memory for columns of millions of rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace plumbline::csv {

// Asks the system for pages of 2 MB, which cost a fraction of the time to get.
void PreferLargePages(void* memory, size_t bytes);

// Resizes without moving more often than needed: to `expected` if that is
// enough, else by half of the present size.
template <typename Value>
void GrowTo(size_t rows, size_t expected, std::vector<Value>* values) {
  if (rows > values->capacity()) {
    values->reserve(std::max({rows, expected, values->size() * 3 / 2}));
    PreferLargePages(values->data(), values->capacity() * sizeof(Value));
  }
  values->resize(rows);
}

}  // namespace plumbline::csv
