// What a user reads when a table is wrong.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "plumbline/base/file.h"
#include "plumbline/table/csv.h"

namespace plumbline {
namespace {

const std::vector<ColumnRequest> kScore = {{"score", ColumnKind::kNumeric}};

std::string MessageOf(const std::string& text,
                      const std::vector<ColumnRequest>& columns = {},
                      const CsvOptions& options = {}) {
  try {
    ReadCsvText(text, "preds.csv", columns, options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    return error.what();
  }
  return "no error";
}

TEST(CsvMessage, RaggedRow) {
  EXPECT_EQ(MessageOf("a,b,c,d,e,f,g,h\n1,2,3,4,5,6,7,8\n1,2,3,4,5\n"),
            "preds.csv, row 3: has 5 fields, the header has 8; check for a "
            "missing separator or an unquoted comma");
  EXPECT_EQ(MessageOf("a,b\n1,2,3\n"),
            "preds.csv, row 2: has 3 fields, the header has 2; check for a "
            "missing separator or an unquoted comma");
  EXPECT_EQ(MessageOf("a\tb\n1\n2\t3\n", {}, {.delimiter = '\t'}),
            "preds.csv, row 2: has 1 field, the header has 2; check for a "
            "missing separator or an unquoted tab");
}

TEST(CsvMessage, RaggedRowsWhoseFieldsAddUpToWholeRows) {
  EXPECT_EQ(MessageOf("a,b\n1\n2\n3,4,5,6\n"),
            "preds.csv, row 2: has 1 field, the header has 2; check for a "
            "missing separator or an unquoted comma");
  EXPECT_EQ(MessageOf("a,b\n1,2,3\n4\n"),
            "preds.csv, row 2: has 3 fields, the header has 2; check for a "
            "missing separator or an unquoted comma");
}

TEST(CsvMessage, EmptyLine) {
  EXPECT_EQ(MessageOf("a,b\n1,2\n\n3,4\n"),
            "preds.csv, row 3: is an empty line; remove it or fill in its 2 "
            "fields");
}

TEST(CsvMessage, BadNumber) {
  EXPECT_EQ(MessageOf("y,score\n1,0.5\n0,\"0,9x\"\n", kScore),
            "preds.csv, row 3, column \"score\": \"0,9x\" is not a number; "
            "empty or one of NA, N/A, NaN, nan, NULL, null, None, #N/A means "
            "missing");
  EXPECT_EQ(MessageOf("score\nabc\n", kScore, {.missing = {"-"}}),
            "preds.csv, row 2, column \"score\": \"abc\" is not a number; "
            "empty or - means missing");
  EXPECT_EQ(MessageOf("score\n\"NA\"\n", kScore, {.missing = {}}),
            "preds.csv, row 2, column \"score\": \"NA\" is not a number; "
            "empty means missing");
}

TEST(CsvMessage, InfiniteNumber) {
  EXPECT_EQ(MessageOf("score\n-inf\n", kScore, {.missing = {}}),
            "preds.csv, row 2, column \"score\": \"-inf\" is not a finite "
            "number; empty means missing");
  EXPECT_EQ(MessageOf("score\n1e999\n", kScore, {.missing = {}}),
            "preds.csv, row 2, column \"score\": \"1e999\" is not a finite "
            "number; empty means missing");
}

TEST(CsvMessage, ShortensLongValuesAndShowsControlCharacters) {
  EXPECT_EQ(MessageOf("score\nx\x07" + std::string(100, 'y') + "\n", kScore,
                      {.missing = {}}),
            "preds.csv, row 2, column \"score\": \"x\\x07" +
                std::string(38, 'y') +
                "...\" is not a number; empty means missing");
  // A character of two bytes is not cut in half.
  EXPECT_EQ(MessageOf("score\n" + std::string(39, 'y') + "\xC3\xBC!\n", kScore,
                      {.missing = {}}),
            "preds.csv, row 2, column \"score\": \"" + std::string(39, 'y') +
                "...\" is not a number; empty means missing");
}

TEST(CsvMessage, ShowsBytesThatAreNoTextByTheirNumbers) {
  EXPECT_EQ(
      MessageOf("a,b\n\xE9\xBA\"x,1\n"),
      "preds.csv, row 2, column \"a\": a quote inside an unquoted "
      "field, after \"\\xE9\\xBA\"; put the field in quotes and write the "
      "quote twice (\"\")");
  const std::string long_message =
      MessageOf("a,b\n" + std::string(70, '\xBA') + "\"\n");
  EXPECT_NE(long_message.find("\\xBA\\xBA...\""), std::string::npos);
}

TEST(CsvMessage, BadNumbersOfOtherColumnsAreNoConcern) {
  EXPECT_EQ(MessageOf("y,score\nx,0.5\n", kScore), "no error");
}

TEST(CsvMessage, TheFirstOfSeveralErrorsIsNamed) {
  EXPECT_EQ(MessageOf("y,score\n1,x\n2\n", kScore).substr(0, 16),
            "preds.csv, row 2");
  EXPECT_EQ(MessageOf("y,score\n1,1\n2\n1,x\n", kScore).substr(0, 16),
            "preds.csv, row 3");
}

TEST(CsvMessage, Header) {
  EXPECT_EQ(MessageOf("y,age,sex,\"age\"\n1,2,3,4\n"),
            "preds.csv, row 1: columns 2 and 4 are both called \"age\"; give "
            "each column a name of its own");
  EXPECT_EQ(MessageOf(",y\n0,1\n"),
            "preds.csv, row 1: column 1 has no name; name it (pandas leaves "
            "out the name of its index: write with index=False)");
}

TEST(CsvMessage, OtherSeparator) {
  EXPECT_EQ(MessageOf("y;score\n1;0.5\n"),
            "preds.csv, row 1: the header is separated by semicolons; save "
            "the file with commas or tabs");
  EXPECT_EQ(MessageOf("y\tscore\n1\t0.5\n"),
            "preds.csv, row 1: the header is separated by tabs; call the file "
            ".tsv or save it with commas");
  EXPECT_EQ(MessageOf("y,score\n1,0.5\n", {}, {.delimiter = '\t'}),
            "preds.csv, row 1: the header is separated by commas; call the "
            "file .csv or save it with tabs");
  EXPECT_EQ(MessageOf("\"a;b\"\n1\n"), "no error");
}

TEST(CsvMessage, EmptyFileAndHeaderOnly) {
  EXPECT_EQ(MessageOf(""),
            "preds.csv: the file is empty; a header row and at least one data "
            "row are needed");
  EXPECT_EQ(MessageOf("\xEF\xBB\xBF"), MessageOf(""));
  const std::string header_only =
      "preds.csv: has a header row but no data rows; at least one is needed";
  EXPECT_EQ(MessageOf("y,score"), header_only);
  EXPECT_EQ(MessageOf("y,score\n"), header_only);
}

TEST(CsvMessage, BinaryFile) {
  EXPECT_EQ(MessageOf(std::string("y,score\n1,2\0", 12)),
            "preds.csv: looks like a binary file (a NUL byte at byte 12); a "
            "CSV or TSV text file is needed");
  // Beyond what is looked at together with the header.
  std::string text = "y\n";
  while (text.size() < 100000) text += "1\n";
  const std::string place = std::to_string(text.size() + 2);
  EXPECT_EQ(MessageOf(text + std::string("2\0\n", 3)),
            "preds.csv: looks like a binary file (a NUL byte at byte " + place +
                "); a CSV or TSV text file is needed");
}

TEST(CsvMessage, OtherEncodings) {
  EXPECT_EQ(MessageOf(std::string("\xFF\xFEy\0\n\0", 6)),
            "preds.csv: is UTF-16 text; convert it to UTF-8 with "
            "iconv -f UTF-16 -t UTF-8");
  EXPECT_EQ(MessageOf("site,y\nMainz,1\nM\xFCnchen,1\n"),
            "preds.csv, row 3, column \"site\": byte 0xFC is not valid UTF-8; "
            "the file is probably Latin-1: convert it with "
            "iconv -f LATIN1 -t UTF-8");
  EXPECT_EQ(MessageOf("y,Universit\xE4t\n1,2\n"),
            "preds.csv, row 1: byte 0xE4 in column 2 is not valid UTF-8; the "
            "file is probably Latin-1: convert it with "
            "iconv -f LATIN1 -t UTF-8");
}

TEST(CsvMessage, Quotes) {
  EXPECT_EQ(MessageOf("a,b\n1,2\n5\" tall,3\n"),
            "preds.csv, row 3, column \"a\": a quote inside an unquoted "
            "field, after \"5\"; put the field in quotes and write the quote "
            "twice (\"\")");
  EXPECT_EQ(MessageOf("a,b\n1,\"x\"y\n"),
            "preds.csv, row 2, column \"b\": text after the closing quote of "
            "\"x\"; a quote inside a quoted field is written twice (\"\")");
  EXPECT_EQ(MessageOf("a,b\n1,2\n3,\"x\n5,6\n"),
            "preds.csv, row 3, column \"b\": a quote opens here and is never "
            "closed; close it, or write a quote that belongs to the text as "
            "\"\" in a quoted field");
}

TEST(CsvMessage, RowsAreCountedAsRecordsNotLines) {
  EXPECT_EQ(MessageOf("a,b\n\"1\n\n\",2\n3\n").substr(0, 17),
            "preds.csv, row 3:");
}

TEST(CsvMessage, CarriageReturns) {
  EXPECT_EQ(MessageOf("a,b\r1,2\r"),
            "preds.csv, row 1: a carriage return without a line feed after "
            "\"b\"; save the file with LF or CRLF line ends");
  EXPECT_EQ(MessageOf("a,b\n1,2\r3,4\r\n"),
            "preds.csv, row 2, column \"b\": a carriage return without a line "
            "feed after \"2\"; save the file with LF or CRLF line ends");
}

TEST(CsvMessage, CutOffFile) {
  EXPECT_EQ(MessageOf("a,b,c\n1,2,3\n4,5"),
            "preds.csv, row 3: the file seems cut off: its last line has 2 of "
            "3 fields and no line end; export or copy the file again");
  EXPECT_EQ(MessageOf("a,b,c\n1,2,3\n4,\"5"),
            "preds.csv, row 3, column \"b\": the file seems cut off: it ends "
            "inside a quoted field that opens here; export or copy the file "
            "again");
  // Too many fields are not a sign of it.
  EXPECT_EQ(MessageOf("a,b\n1,2\n3,4,5"),
            "preds.csv, row 3: has 3 fields, the header has 2; check for a "
            "missing separator or an unquoted comma");
}

TEST(CsvMessage, EndlessRecord) {
  EXPECT_EQ(MessageOf("a,b\n1,\"" + std::string(65 << 20, 'x') + "\"\n", {},
                      {.threads = 1}),
            "preds.csv, row 2: has no end within 64 MB; most likely a quote "
            "that opens in this row is never closed");
}

TEST(CsvMessage, NoSuchColumn) {
  EXPECT_EQ(
      MessageOf("y,score,sex\n1,0.9,F\n", {{"scor", ColumnKind::kNumeric}}),
      "preds.csv has no column \"scor\"; did you mean \"score\"? "
      "Its columns: y, score, sex.");
}

// Errors that only several chunks and threads meet.
TEST(CsvMessage, IsTheSameForAnyNumberOfThreads) {
  std::string text = "y,score\n";
  for (int i = 0; i < 1500000; ++i) {
    text += i == 1200000 ? "1,\"bad\n" : "1,\"0.25\"\n";
  }
  const std::string expected =
      "preds.csv, row 1200002, column \"score\": text after the closing quote "
      "of \"bad\\x0A1,\"; a quote inside a quoted field is written twice "
      "(\"\")";
  for (const int threads : {1, 2, 3, 8}) {
    EXPECT_EQ(MessageOf(text, kScore, {.threads = threads}), expected);
  }
}

class CsvFileMessage : public ::testing::Test {
 protected:
  CsvFileMessage()
      : folder_(std::filesystem::temp_directory_path() /
                ("plumbline_csv_message_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~CsvFileMessage() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    WriteFile(path, text);
    return path;
  }

  static std::string MessageOf(const std::vector<std::string>& inputs,
                               ErrorCode code = ErrorCode::kInvalidInput) {
    try {
      CsvReader(inputs).Read({});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      return error.what();
    }
    return "no error";
  }

  std::filesystem::path folder_;
};

TEST_F(CsvFileMessage, UnreadableFile) {
  const std::string path = (folder_ / "none.csv").string();
  EXPECT_EQ(MessageOf({path}), path + ": no such file");
  EXPECT_EQ(MessageOf({folder_.string()}),
            folder_.string() + ": is a directory");
}

TEST_F(CsvFileMessage, DifferentHeaders) {
  const std::string a = Write("a.csv", "y,age\n1,2\n");
  const std::string b = Write("b.csv", "y,sex\n1,F\n");
  const std::string c = Write("c.csv", "y,age,sex\n1,2,F\n");
  EXPECT_EQ(MessageOf({a, b}),
            b + ", row 1: has no column \"age\", which " + a +
                " has; files that are read together need the same columns");
  EXPECT_EQ(MessageOf({a, c}),
            c + ", row 1: has a column \"sex\", which " + a +
                " has not; files that are read together need the same "
                "columns");
}

TEST_F(CsvFileMessage, ErrorInTheSecondFileCountsItsOwnRows) {
  const std::string a = Write("a.csv", "x,y\n1,2\n3,4\n");
  const std::string b = Write("b.csv", "y,x\n1,2\n3\n");
  EXPECT_EQ(MessageOf({a, b}),
            b + ", row 3: has 1 field, the header has 2; check for a missing "
                "separator or an unquoted comma");
}

TEST_F(CsvFileMessage, NothingToReadOrStandardInputTwice) {
  EXPECT_EQ(MessageOf({}, ErrorCode::kUsage),
            "no table was given; name a CSV or TSV file, or - for standard "
            "input");
  EXPECT_EQ(MessageOf({"-", "-"}, ErrorCode::kUsage),
            "standard input (-) can be read only once; give it once");
}

}  // namespace
}  // namespace plumbline
