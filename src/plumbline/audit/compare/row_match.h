// Rows of two tables brought together by their ids.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/table/table.h"

namespace plumbline {

inline constexpr uint32_t kNoRow = 0xffffffffu;

struct RowMatch {
  // Of each row of the first table, the row of the second, or kNoRow.
  std::vector<uint32_t> partner;
  int64_t matched = 0;
  int64_t only_first = 0;
  int64_t only_second = 0;
  int64_t first_only_first = -1;   // the first such row
  int64_t first_only_second = -1;  // the first such row
};

// `ids`: names of categorical columns of both tables; rows with the same words
// in all of them belong together.
//
// Throws Error(kInvalidInput) with file, row and column for a missing id, and
// with both rows for an id that one table has twice.
RowMatch MatchRows(const Table& first, const Table& second,
                   const std::vector<std::string>& ids);

// `image_id "c"`, `patient "7", view "PA"`.
std::string RowId(const Table& table, const std::vector<std::string>& ids,
                  int64_t row);

}  // namespace plumbline
