// The header of an npy file: a magic, a version, a length, and a Python
// dictionary such as {'descr': '<f8', 'fortran_order': False, 'shape': (3,), }.
#include <charconv>
#include <optional>
#include <set>

#include "plumbline/base/error.h"
#include "plumbline/table/csv_record.h"
#include "plumbline/table/npy.h"

namespace plumbline {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
// Far beyond what an array without fields needs.
constexpr size_t kMostHeaderBytes = 1 << 16;
// Columns that a table may get from one file.
constexpr int64_t kMostDimensions = 32;

struct Dictionary {
  std::optional<std::string> descr;
  bool has_fields = false;  // descr is a list: a structured array
  std::optional<bool> fortran_order;
  std::optional<std::vector<int64_t>> shape;
};

// Reads the few forms of Python that NumPy writes.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& file)
      : text_(text), file_(file) {}

  Dictionary Parse() {
    Dictionary found;
    Expect('{');
    while (!TakeIf('}')) {
      ParseEntry(&found);
      if (!TakeIf(',')) {
        Expect('}');
        break;
      }
    }
    SkipSpaces();
    if (at_ < text_.size() && !found.has_fields) Fail();
    return found;
  }

 private:
  [[noreturn]] void Fail() const {
    throw Error(ErrorCode::kInvalidInput, Location{file_},
                "the header of the npy file cannot be read: {}; write the "
                "array again with numpy.save",
                csv::Shown(text_));
  }
  void SkipSpaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) {
      ++at_;
    }
  }
  bool TakeIf(char c) {
    SkipSpaces();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void Expect(char c) {
    if (!TakeIf(c)) Fail();
  }
  bool TakeWord(std::string_view word) {
    SkipSpaces();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  std::string ParseString() {
    SkipSpaces();
    if (at_ == text_.size() || (text_[at_] != '\'' && text_[at_] != '"')) {
      Fail();
    }
    const char quote = text_[at_++];
    const size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) Fail();
    const std::string_view value = text_.substr(at_, end - at_);
    if (value.find('\\') != std::string_view::npos) Fail();
    at_ = end + 1;
    return std::string(value);
  }

  std::vector<int64_t> ParseShape() {
    std::vector<int64_t> shape;
    Expect('(');
    while (!TakeIf(')')) {
      SkipSpaces();
      int64_t size = 0;
      const auto [end, error] = std::from_chars(
          text_.data() + at_, text_.data() + text_.size(), size);
      if (error != std::errc() || size < 0 ||
          shape.size() == static_cast<size_t>(kMostDimensions)) {
        Fail();
      }
      at_ = end - text_.data();
      TakeIf('L');  // as Python 2 wrote long numbers
      shape.push_back(size);
      if (!TakeIf(',')) {
        Expect(')');
        break;
      }
    }
    return shape;
  }

  void ParseEntry(Dictionary* found) {
    const std::string key = ParseString();
    if (!seen_.insert(key).second) Fail();
    Expect(':');
    if (key == "descr") {
      SkipSpaces();
      if (at_ < text_.size() && text_[at_] == '[') {
        // What the fields are does not matter: they are refused.
        found->has_fields = true;
        at_ = text_.size();
        text_ = "}";
        at_ = 0;
        return;
      }
      found->descr = ParseString();
    } else if (key == "fortran_order") {
      if (TakeWord("True")) {
        found->fortran_order = true;
      } else if (TakeWord("False")) {
        found->fortran_order = false;
      } else {
        Fail();
      }
    } else if (key == "shape") {
      found->shape = ParseShape();
    } else {
      Fail();
    }
  }

  std::string_view text_;
  const std::string& file_;
  size_t at_ = 0;
  std::set<std::string> seen_;
};

[[noreturn]] void ThrowCutOff(const std::string& file) {
  throw Error(ErrorCode::kInvalidInput, Location{file},
              "the file seems cut off: it ends inside its header; export or "
              "copy the file again");
}

// The text of the header, and where it ends.
std::string_view HeaderText(std::string_view bytes, const std::string& file,
                            NpyHeader* header) {
  const auto byte = [&](size_t at) -> size_t {
    if (at >= bytes.size()) ThrowCutOff(file);
    return static_cast<unsigned char>(bytes[at]);
  };
  if (bytes.empty()) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "the file is empty; an array written by numpy.save is needed");
  }
  if (!bytes.starts_with(kMagic)) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "is not an npy file (it does not begin with \\x93NUMPY); write "
                "the array with numpy.save");
  }
  const size_t major = byte(6);
  const size_t minor = byte(7);
  if (major < 1 || major > 3 || minor != 0) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "is an npy file of format {}.{}; 1.0, 2.0 and 3.0 are read",
                major, minor);
  }
  size_t size = byte(8) | byte(9) << 8;
  size_t begin = 10;
  if (major > 1) {
    size |= byte(10) << 16 | byte(11) << 24;
    begin = 12;
  }
  if (size > kMostHeaderBytes) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "its header would take {} bytes, which no plain array needs; "
                "write the array again with numpy.save",
                size);
  }
  if (size > bytes.size() - begin) ThrowCutOff(file);
  header->data_begin = static_cast<int64_t>(begin + size);
  return bytes.substr(begin, size);
}

// "<f8" and the like.
void ReadType(const std::string& descr, const std::string& file,
              NpyHeader* header) {
  header->descr = descr;
  int64_t number = 0;
  const char* const end = descr.data() + descr.size();
  const bool is_whole =
      descr.size() >= 3 &&
      std::from_chars(descr.data() + 2, end, number).ptr == end && number >= 1;
  const char order = descr.empty() ? '?' : descr[0];
  const char kind = descr.size() < 2 ? '?' : descr[1];
  const auto refuse = [&](const char* what) {
    throw Error(ErrorCode::kInvalidInput, Location{file}, "holds {} ({}); {}",
                what, csv::Shown(descr),
                "numbers of 1 to 8 bytes, truth values and texts of fixed "
                "width are read, little-endian");
  };
  if (kind == 'O') refuse("Python objects");
  if (!is_whole) refuse("values of another type");
  if (order == '>' && (number > 1 || kind == 'U')) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "holds big-endian values ({}); write it little-endian: "
                "numpy.save(file, array.astype(array.dtype.newbyteorder('<')))",
                csv::Shown(descr));
  }
  if (order != '<' && order != '|' && order != '=' && order != '>') {
    refuse("values of another type");
  }
  const bool is_power =
      number == 1 || number == 2 || number == 4 || number == 8;
  header->width = number;
  if (kind == 'f' && is_power && number > 1) {
    header->type = NpyType::kFloat;
  } else if (kind == 'i' && is_power) {
    header->type = NpyType::kSigned;
  } else if (kind == 'u' && is_power) {
    header->type = NpyType::kUnsigned;
  } else if (kind == 'b' && number == 1) {
    header->type = NpyType::kBool;
  } else if ((kind == 'U' || kind == 'S') && number <= 1 << 20) {
    header->type = kind == 'U' ? NpyType::kUnicode : NpyType::kBytes;
    if (kind == 'U') header->width = 4 * number;
  } else {
    refuse(kind == 'c'                  ? "complex numbers"
           : kind == 'M' || kind == 'm' ? "dates or times"
                                        : "values of another type");
  }
}

void ReadShape(const Dictionary& found, const std::string& file,
               NpyHeader* header) {
  const std::vector<int64_t>& shape = *found.shape;
  if (shape.empty() || shape.size() > 2) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "has {} dimensions; one (a column) or two (rows x columns) are "
                "read",
                shape.size());
  }
  header->has_columns = shape.size() == 2;
  header->rows = shape[0];
  header->columns = header->has_columns ? shape[1] : 1;
  if (header->rows == 0 || header->columns == 0) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "the array is empty; at least one row and one column are "
                "needed");
  }
  if (*found.fortran_order && header->has_columns) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "is stored column by column (Fortran order); write it with "
                "numpy.save(file, numpy.ascontiguousarray(array))");
  }
}

void CheckSize(int64_t file_bytes, const std::string& file,
               const NpyHeader& header) {
  const int64_t found = file_bytes - header.data_begin;
  int64_t needed = 0;
  const bool too_large =
      __builtin_mul_overflow(header.rows, header.columns, &needed) ||
      __builtin_mul_overflow(needed, header.width, &needed);
  if (too_large || found < needed) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "the file seems cut off: {} bytes of values are there, {} x {} "
                "{} were announced; export or copy the file again",
                found, header.rows, header.columns, csv::Shown(header.descr));
  }
  if (found > needed) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "{} bytes follow the array; write it again with numpy.save",
                found - needed);
  }
}

}  // namespace

NpyHeader ParseNpyHeader(std::string_view bytes, const std::string& file) {
  NpyHeader header;
  const std::string_view text = HeaderText(bytes, file, &header);
  const Dictionary found = HeaderParser(text, file).Parse();
  if (found.has_fields) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "is an array with fields; write each field as an array of its "
                "own, or the table as CSV or Parquet");
  }
  if (!found.descr || !found.fortran_order || !found.shape) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "the header of the npy file lacks descr, fortran_order or "
                "shape; write the array again with numpy.save");
  }
  ReadType(*found.descr, file, &header);
  ReadShape(found, file, &header);
  CheckSize(static_cast<int64_t>(bytes.size()), file, header);
  return header;
}

}  // namespace plumbline
