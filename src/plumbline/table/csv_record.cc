#include "plumbline/table/csv_record.h"

#include <fmt/core.h>

#include <algorithm>

#include "plumbline/table/csv_utf8.h"

namespace plumbline::csv {
namespace {

constexpr size_t kShownBytes = 40;

// Reads a record one character at a time.
class RecordReader {
 public:
  RecordReader(std::string_view text, char delimiter)
      : text_(text), delimiter_(delimiter) {}

  Record Read() {
    while (true) {
      record_.fields.emplace_back();
      const RecordStatus status =
          Next() == '"' ? ReadQuotedField() : ReadPlainField();
      if (status != RecordStatus::kDone) return Stop(status);
      // At a delimiter, a line end or the end of the text.
      if (at_ == text_.size()) return Stop(RecordStatus::kNoLineEnd);
      const char c = text_[at_++];
      if (c == delimiter_) continue;
      if (c == '\r') ++at_;
      return Stop(RecordStatus::kDone);
    }
  }

 private:
  // '\0' at the end.
  char Next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool AtFieldEnd() const {
    if (at_ == text_.size()) return true;
    const char c = text_[at_];
    return c == delimiter_ || c == '\n' ||
           (c == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
  }

  RecordStatus ReadPlainField() {
    std::string& field = record_.fields.back().text;
    while (!AtFieldEnd()) {
      const char c = text_[at_];
      if (c == '"') return RecordStatus::kStrayQuote;
      if (c == '\r') return RecordStatus::kStrayReturn;
      if (c == '\0') return RecordStatus::kNul;
      field += c;
      ++at_;
    }
    return RecordStatus::kDone;
  }

  RecordStatus ReadQuotedField() {
    Field& field = record_.fields.back();
    field.quoted = true;
    ++at_;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\0') return RecordStatus::kNul;
      if (c == '"') {
        ++at_;
        if (AtFieldEnd()) return RecordStatus::kDone;
        if (Next() == '\r') return RecordStatus::kStrayReturn;
        if (Next() != '"') return RecordStatus::kTextAfterQuote;
      }
      if (c == '\n') ++record_.inner_lines;
      field.text += c;
    }
    return RecordStatus::kOpenQuote;
  }

  Record Stop(RecordStatus status) {
    record_.status = status;
    record_.bytes = at_;
    return std::move(record_);
  }

  std::string_view text_;
  char delimiter_;
  size_t at_ = 0;
  Record record_;
};

}  // namespace

Record ReadRecord(std::string_view text, char delimiter) {
  return RecordReader(text, delimiter).Read();
}

std::string Shown(std::string_view text) {
  std::string shown = "\"";
  size_t at = 0;
  while (at < text.size()) {
    // Whole characters only.
    const size_t bytes =
        std::max<size_t>(1, FirstCharacterBytes(text.substr(at)));
    if (at + bytes > kShownBytes) break;
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool is_printable = bytes > 1 || (byte >= 0x20 && byte < 0x7F);
    shown += is_printable ? std::string(text.substr(at, bytes))
                          : fmt::format("\\x{:02X}", byte);
    at += bytes;
  }
  return shown + (at < text.size() ? "...\"" : "\"");
}

}  // namespace plumbline::csv
