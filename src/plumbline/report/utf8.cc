#include "plumbline/report/utf8.h"

#include <cstdint>

#include "plumbline/report/text_table.h"

namespace plumbline::report {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::string_view kReplacementBytes = "\xEF\xBF\xBD";

// Bytes after the lead byte, or -1 if it cannot lead.
int ContinuationBytes(uint8_t lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 1;
  if (lead >= 0xE0 && lead <= 0xEF) return 2;
  if (lead >= 0xF0 && lead <= 0xF4) return 3;
  return -1;
}

bool MustNotBeShown(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0xFEFF || (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

struct ColumnRange {
  char32_t first;
  char32_t last;
};

// Combining marks, joiners and variation selectors.
constexpr ColumnRange kNoColumn[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},  {0x064B, 0x065F},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},  {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF}};

// East Asian wide and emoji (Unicode standard annex 11).
constexpr ColumnRange kTwoColumns[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF},   {0x4E00, 0xA4CF},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD}};

template <size_t kCount>
bool IsIn(char32_t c, const ColumnRange (&ranges)[kCount]) {
  for (const ColumnRange& range : ranges) {
    if (c >= range.first && c <= range.last) return true;
  }
  return false;
}

}  // namespace

int ColumnsOf(char32_t c) {
  if (c < 0x300) return 1;
  if (IsIn(c, kNoColumn)) return 0;
  return IsIn(c, kTwoColumns) ? 2 : 1;
}

char32_t NextCodePoint(std::string_view text, size_t* position) {
  const uint8_t lead = text[(*position)++];
  const int more = ContinuationBytes(lead);
  if (more == 0) return lead;
  if (more < 0 || *position + more > text.size()) return kReplacement;
  char32_t code = lead & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    const uint8_t next = text[*position + i];
    if ((next & 0xC0) != 0x80) return kReplacement;
    code = code << 6 | (next & 0x3F);
  }
  constexpr char32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};
  if (code < kSmallest[more] || code > 0x10FFFF ||
      (code >= 0xD800 && code <= 0xDFFF)) {
    return kReplacement;
  }
  *position += more;
  return code;
}

std::string CleanText(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (size_t position = 0; position < text.size();) {
    const size_t start = position;
    const char32_t c = NextCodePoint(text, &position);
    if (c == '\t' || c == '\n' || c == '\r') {
      clean += ' ';
    } else if (c == kReplacement || MustNotBeShown(c)) {
      clean += kReplacementBytes;
    } else {
      clean += text.substr(start, position - start);
    }
  }
  return clean;
}

std::string Shorten(std::string_view text, int columns) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  size_t end = 0;
  int used = 1;  // the ellipsis
  for (size_t position = 0; position < text.size();) {
    used += ColumnsOf(NextCodePoint(text, &position));
    if (used > columns) break;
    end = position;
  }
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace plumbline::report
