// What a reader knows of a column before it reads it.
#pragma once

namespace plumbline {

enum class ColumnNature {
  // Words that may be the digits of numbers: CSV, and whole numbers of 64 bits,
  // which a double may not hold.
  kText,
  kNumbers,
  kWords,
};

}  // namespace plumbline
