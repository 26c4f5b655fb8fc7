// One table read by several processes, each of which reads some of the files
// and gets all rows.
#pragma once

#include <vector>

#include "plumbline/base/communicator.h"
#include "plumbline/table/csv.h"
#include "plumbline/table/table.h"

namespace plumbline {

// The same table as reader.Read(columns), in every process. Files are shared
// out in their order, so that each process reads about as many bytes; a process
// may have none. All processes need the same inputs.
//
// Throws like CsvReader::Read, in every process the error of the first file
// that is wrong. Standard input, which only one process has, cannot be shared.
Table ReadTogether(Communicator& processes, CsvReader& reader,
                   const std::vector<ColumnRequest>& columns);

// Which files each of `size` processes reads: [first[r], first[r + 1]) for
// process r, in order, split where the bytes are about equal.
std::vector<size_t> ShareFiles(const std::vector<int64_t>& bytes, int size);

}  // namespace plumbline
