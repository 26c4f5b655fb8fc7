#include "plumbline/table/csv_parse.h"

#include <algorithm>
#include <cmath>

#include "plumbline/base/hash.h"
#include "plumbline/table/csv_utf8.h"

namespace plumbline::csv {
namespace {

// Text that is scanned before its fields are read: small enough for both to
// stay in the first-level cache.
constexpr size_t kStepBytes = 16 << 10;

struct Span {
  const char* begin;
  const char* end;

  std::string_view text() const {
    return {begin, static_cast<size_t>(end - begin)};
  }
};

bool IsQuoted(const Span& field) {
  return field.begin < field.end && *field.begin == '"';
}

// Narrows a field that begins with a quote to what is between its quotes. False
// if it does not end with one.
bool TakeQuotesOff(Span* field, bool* has_quotes) {
  if (field->end - field->begin < 2 || field->end[-1] != '"') return false;
  ++field->begin;
  --field->end;
  *has_quotes = field->text().find('"') != std::string_view::npos;
  return true;
}

// Text from between quotes, in which each quote is written twice.
void Unquote(std::string_view field, std::string* text) {
  text->clear();
  while (true) {
    const size_t quote = field.find('"');
    if (quote == std::string_view::npos) break;
    text->append(field, 0, quote + 1);
    field.remove_prefix(std::min(field.size(), quote + 2));
  }
  text->append(field);
}

bool HasHigh(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80;
  });
}

// Walks down one column.
class FieldCursor {
 public:
  FieldCursor(const char* text, const uint32_t* ends, size_t fields,
              size_t field)
      : text_(text),
        end_(ends + field),
        stride_(fields),
        is_last_(field + 1 == fields) {}

  Span Next() {
    // Wraps from the place before the first byte.
    const char* const begin = text_ + static_cast<uint32_t>(end_[-1] + 1);
    const char* end = text_ + *end_;
    end_ += stride_;
    if (is_last_ && begin < end && end[-1] == '\r') --end;
    return {begin, end};
  }

 private:
  const char* text_;
  const uint32_t* end_;
  size_t stride_;
  bool is_last_;
};

}  // namespace

bool ChunkParser::Parse(const ParsePlan& plan, const Chunk& chunk) {
  words_.resize(plan.words.size());
  for (ChunkWords& words : words_) {
    words.Clear();
    words.codes.resize(chunk.rows);
  }
  missing_numbers_.assign(plan.numbers.size(), 0);
  masks_.resize(kStepBytes / kBlockBytes);

  StructureScanner scanner;
  const std::string_view text = chunk.text;
  size_t pending = 0;  // ends of fields whose record is not complete
  bool high = false;   // the incomplete record holds bytes above 0x7F
  size_t done = 0;     // bytes of complete records
  int64_t row = 0;
  ends_.resize(1 + kStepBytes);
  ends_[0] = UINT32_MAX;
  for (size_t at = 0; at < text.size(); at += kStepBytes) {
    const size_t step = std::min(kStepBytes, text.size() - at);
    ends_.resize(std::max(ends_.size(), 1 + pending + kStepBytes));
    uint32_t* const ends = ends_.data() + 1;
    ClassifyText(text.data() + at, step, plan.delimiter, masks_.data());
    const uint32_t* const last =
        scanner.Scan(masks_.data(), (step + kBlockBytes - 1) / kBlockBytes,
                     static_cast<uint32_t>(at), ends + pending);
    high = scanner.TakeHigh() || high;

    const size_t found = last - ends;
    const size_t rows = found / plan.fields;
    pending = found % plan.fields;
    if (rows == 0) continue;
    if (row + static_cast<int64_t>(rows) > chunk.rows) return false;
    const size_t used = rows * plan.fields;
    const size_t end = ends[used - 1] + size_t{1};
    if (high) {
      if (FindInvalidUtf8(text.substr(done, end - done)) != end - done) {
        return false;
      }
      high = HasHigh(text.substr(end, at + step - end));
    }
    if (!ParseRows(plan, {text.data(), text.data() + text.size(), ends, rows,
                          chunk.first_row + row, row})) {
      return false;
    }
    row += static_cast<int64_t>(rows);
    done = end;
    // The last end becomes the one before the first.
    std::copy_n(ends + used - 1, pending + 1, ends - 1);
  }
  return !scanner.failed() && row == chunk.rows && done == text.size();
}

bool ChunkParser::ParseRows(const ParsePlan& plan, const Rows& rows) {
  // A record has the right number of fields if every so many ends are a line
  // end, and there are as many records as line ends (checked by Parse).
  for (size_t i = 0; i < rows.count; ++i) {
    if (rows.text[rows.ends[(i + 1) * plan.fields - 1]] != '\n') return false;
  }
  for (size_t i = 0; i < plan.numbers.size(); ++i) {
    if (!ReadNumbers(plan, i, rows)) return false;
  }
  for (size_t i = 0; i < plan.words.size(); ++i) {
    if (!ReadWords(plan, i, rows)) return false;
  }
  if (plan.row_hashes != nullptr) HashRows(plan, rows);
  return true;
}

bool ChunkParser::ReadNumbers(const ParsePlan& plan, size_t which,
                              const Rows& rows) {
  const ParsePlan::Numbers& column = plan.numbers[which];
  double* const out = column.values->data() + rows.first;
  int64_t missing = 0;
  FieldCursor cursor(rows.text, rows.ends, plan.fields, column.field);
  for (size_t i = 0; i < rows.count; ++i) {
    Span field = cursor.Next();
    double value = 0;
    if (IsQuoted(field)) {
      bool has_quotes = false;
      if (!TakeQuotesOff(&field, &has_quotes) || has_quotes ||
          !ReadQuotedNumber(field.text(), &value)) {
        return false;
      }
    } else if (!ReadNumber(field.begin, field.end, rows.limit, *plan.missing,
                           &value)) {
      return false;
    }
    out[i] = value;
    missing += std::isnan(value) ? 1 : 0;
  }
  missing_numbers_[which] += missing;
  return true;
}

uint32_t ChunkParser::CodeOf(const WordKey& key, const WordColumn& column,
                             int64_t row, ChunkWords* out) {
  const WordColumn::Found found = column.Find(key);
  if (found.known) return found.code;
  const uint32_t known = out->new_words.size();
  const uint32_t place = out->new_words.Insert(key);
  if (place == known) out->first_row.push_back(row);
  return kNewWord + place;
}

uint32_t ChunkParser::CodeOfQuoted(const PendingWord& word,
                                   const WordColumn& column, int64_t row,
                                   ChunkWords* out) {
  std::string_view text(word.key.data, word.key.size);
  const auto find = [&] {
    return CodeOf(MakeKey(text.data(), text.size(), text.data() + text.size()),
                  column, row, out);
  };
  if (word.has_quotes) {
    Unquote(text, &unquoted_);
    text = unquoted_;
  }
  const uint32_t code = find();
  if (code != kMissingCode || text.empty()) return code;
  unquoted_ = kQuotedMark + std::string(text);
  text = unquoted_;
  return find();
}

bool ChunkParser::ReadWords(const ParsePlan& plan, size_t which,
                            const Rows& rows) {
  const WordColumn& column = *plan.words[which].column;
  const WordDictionary& known_words = column.dictionary();
  ChunkWords& out = words_[which];
  FieldCursor cursor(rows.text, rows.ends, plan.fields,
                     plan.words[which].field);
  PendingWord words[kWordsAtOnce];
  for (size_t first = 0; first < rows.count; first += kWordsAtOnce) {
    const size_t size = std::min<size_t>(kWordsAtOnce, rows.count - first);
    for (size_t i = 0; i < size; ++i) {
      Span field = cursor.Next();
      words[i].has_quotes = false;
      words[i].quoted = IsQuoted(field);
      if (words[i].quoted && !TakeQuotesOff(&field, &words[i].has_quotes)) {
        return false;
      }
      words[i].key = MakeKey(field.begin, field.text().size(), rows.limit);
    }
    if (known_words.IsLarge()) {
      for (size_t i = 0; i < size; ++i) known_words.PrefetchSlot(words[i].key);
      for (size_t i = 0; i < size; ++i) known_words.PrefetchWord(words[i].key);
    }
    uint32_t* const codes = out.codes.data() + rows.first_in_chunk + first;
    for (size_t i = 0; i < size; ++i) {
      const int64_t row = rows.first + static_cast<int64_t>(first + i);
      codes[i] = words[i].quoted ? CodeOfQuoted(words[i], column, row, &out)
                                 : CodeOf(words[i].key, column, row, &out);
      out.missing += codes[i] == kMissingCode ? 1 : 0;
    }
  }
  return true;
}

void ChunkParser::HashRows(const ParsePlan& plan, const Rows& rows) const {
  uint64_t* const out = plan.row_hashes->data() + rows.first;
  uint32_t begin = rows.ends[-1] + 1;
  for (size_t i = 0; i < rows.count; ++i) {
    const uint32_t line_end = rows.ends[(i + 1) * plan.fields - 1];
    uint32_t end = line_end;
    if (end > begin && rows.text[end - 1] == '\r') --end;
    out[i] = FastHash({rows.text + begin, end - begin});
    begin = line_end + 1;
  }
}

}  // namespace plumbline::csv
