// A table on its way out: columns with the types that they will have in a file.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "plumbline/table/column.h"
#include "plumbline/table/table.h"
#include "plumbline/table/table_reader.h"

namespace plumbline {

using OutputColumn = std::variant<CategoricalColumn, NumericColumn>;

struct OutputTable {
  int64_t rows = 0;
  std::vector<OutputColumn> columns;  // each of `rows` rows
};

const std::string& NameOf(const OutputColumn& column);

// Words that are all written numbers become numbers, others stay: no number is
// a text with a plus sign or zeros in front ("007" is a name) or a whole number
// beyond 2^53, which a double does not hold. Without any word: numbers.
OutputColumn NumbersIfAllAre(CategoricalColumn column);

// Reads all columns of the reader, or those of `names` in that order, with the
// types they have; texts become numbers where all are (NumbersIfAllAre). May be
// called once for a reader.
OutputTable ReadForOutput(TableReader* reader,
                          const std::vector<std::string>& names = {});

// --- Files as bytes ----------------------------------------------------------

// Header and rows, lines ending in LF. Missing is the empty field, numbers have
// as few digits as give them back, and a word that a reader would take for
// missing by one of `marks` ("NA") stands in quotes.
std::string ToCsv(const OutputTable& table, char separator,
                  const std::vector<std::string>& marks);

// One column of words: <U of the longest one's width, missing as "". Numbers:
// <f8, one dimension for one column, else rows x columns; missing as NaN.
// Throws Error(kUsage) for words beside other columns.
std::string ToNpy(const OutputTable& table);

// DOUBLE and VARCHAR columns, missing as null, compressed with Zstandard.
// Throws Error(kUnavailable) without DuckDB's library, Error(kUsage) for two
// names that differ in capital letters alone, which DuckDB cannot tell apart.
// `threads`: 0: DefaultThreads().
std::string ToParquet(const OutputTable& table, int threads = 0);

}  // namespace plumbline
