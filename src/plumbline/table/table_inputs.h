// What the inputs of a command line stand for: files, and their kinds.
#pragma once

#include <string>
#include <vector>

namespace plumbline {

// Paths of all inputs: patterns are expanded (sorted), "-" stays, and a name
// that exists is no pattern, whatever is in it.
//
// Throws Error(kUsage) if there are none or "-" is given twice,
// Error(kInvalidInput) if a pattern matches nothing.
std::vector<std::string> ExpandInputs(const std::vector<std::string>& inputs);

enum class TableKind { kCsv, kParquet, kNpy };

// By the ending of its name, ignoring case: *.parquet and *.pq, *.npy, and CSV
// for everything else.
TableKind KindOf(const std::string& path);

// "CSV", "Parquet", "npy"
const char* NameOf(TableKind kind);

// A file of one or several columns: `labels=labels.npy`.
struct NpyInput {
  std::string column;
  std::string path;
};

// NAME=FILE.npy; of FILE.npy alone (also of a file whose own name holds an =)
// the column is called as the file is, without folder and ending.
NpyInput ParseNpyInput(const std::string& input);

}  // namespace plumbline
