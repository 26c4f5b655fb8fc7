#include "plumbline/table/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/table/npy_reader.h"
#include "plumbline/table/npy_writer.h"
#include "plumbline/table/output_table.h"
#include "plumbline/table/table_reader.h"

namespace plumbline {
namespace {

using testing::ElementsAre;
using testing::IsNan;

// A file as numpy.save writes it, but for the padding of the header.
std::string Npy(const std::string& dictionary, const std::string& data,
                char major = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += major;
  bytes += '\0';
  const size_t size = dictionary.size();
  bytes += static_cast<char>(size & 0xFF);
  bytes += static_cast<char>(size >> 8);
  if (major > 1) bytes += std::string(2, '\0');
  return bytes + dictionary + data;
}

std::string Header(const std::string& descr, const std::string& shape,
                   const std::string& fortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran +
         ", 'shape': " + shape + ", }\n";
}

template <typename Value>
std::string Bytes(std::initializer_list<Value> values) {
  std::string bytes;
  for (const Value& value : values) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  return bytes;
}

std::string Message(const std::string& bytes) {
  try {
    ParseNpyHeader(bytes, "a.npy");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    return error.what();
  }
  return "";
}

class NpyFiles : public testing::Test {
 protected:
  NpyFiles() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("npy-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  ~NpyFiles() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& bytes) {
    const std::string path = (folder_ / name).string();
    WriteFile(path, bytes);
    return path;
  }

  std::vector<std::string> Words(const std::string& bytes) {
    const NpyFile file(Write("words.npy", bytes));
    std::vector<std::string> words;
    for (int64_t row = 0; row < file.header().rows; ++row) {
      std::string word;
      const char* wrong = file.Word(row, 0, &word);
      words.push_back(wrong ? std::string("! ") + wrong : word);
    }
    return words;
  }

  std::vector<double> Numbers(const std::string& bytes) {
    const NpyFile file(Write("numbers.npy", bytes));
    std::vector<double> numbers;
    for (int64_t row = 0; row < file.header().rows; ++row) {
      numbers.push_back(file.Number(row, 0));
    }
    return numbers;
  }

  std::filesystem::path folder_;
};

TEST(NpyHeader, SaysWhatTheFileHolds) {
  const NpyHeader header = ParseNpyHeader(
      Npy(Header("<f4", "(2, 3)"), std::string(24, '\0')), "a.npy");
  EXPECT_EQ(header.type, NpyType::kFloat);
  EXPECT_EQ(header.width, 4);
  EXPECT_EQ(header.rows, 2);
  EXPECT_EQ(header.columns, 3);
  EXPECT_TRUE(header.has_columns);
}

TEST(NpyHeader, IsReadInAllFormatsAndOrders) {
  const std::string data(8, '\0');
  EXPECT_EQ(Message(Npy(Header("<f8", "(1,)"), data, 2)), "");
  EXPECT_EQ(Message(Npy(Header("<f8", "(1,)"), data, 3)), "");
  EXPECT_EQ(Message(Npy("{\"shape\": (1L,), 'fortran_order': True, "
                        "'descr': '<i8'}   \n",
                        data)),
            "");
}

TEST(NpyHeader, IsRefusedWithTheReason) {
  const std::string data(8, '\0');
  EXPECT_EQ(Message(""),
            "a.npy: the file is empty; an array written by numpy.save is "
            "needed");
  EXPECT_EQ(Message("garbage"),
            "a.npy: is not an npy file (it does not begin with \\x93NUMPY); "
            "write the array with numpy.save");
  EXPECT_EQ(Message(Npy(Header("<f8", "(1,)"), data, 4)),
            "a.npy: is an npy file of format 4.0; 1.0, 2.0 and 3.0 are read");
  EXPECT_EQ(Message(Npy(Header("<f8", "(1,)"), "").substr(0, 30)),
            "a.npy: the file seems cut off: it ends inside its header; export "
            "or copy the file again");
  EXPECT_EQ(Message(Npy(Header("<f8", "(2,)"), data)),
            "a.npy: the file seems cut off: 8 bytes of values are there, 2 x 1 "
            "\"<f8\" were announced; export or copy the file again");
  EXPECT_EQ(Message(Npy(Header("<f8", "(1,)"), data + "x")),
            "a.npy: 1 bytes follow the array; write it again with numpy.save");
  EXPECT_EQ(Message(Npy(Header("|O", "(1,)"), data)),
            "a.npy: holds Python objects (\"|O\"); numbers of 1 to 8 bytes, "
            "truth values and texts of fixed width are read, little-endian");
  EXPECT_EQ(Message(Npy(Header(">f8", "(1,)"), data)),
            "a.npy: holds big-endian values (\">f8\"); write it little-endian: "
            "numpy.save(file, array.astype(array.dtype.newbyteorder('<')))");
  EXPECT_EQ(Message(Npy(Header("<f8", "(1, 1)", "True"), data)),
            "a.npy: is stored column by column (Fortran order); write it with "
            "numpy.save(file, numpy.ascontiguousarray(array))");
  EXPECT_EQ(Message(Npy(Header("<f8", "()"), data)),
            "a.npy: has 0 dimensions; one (a column) or two (rows x columns) "
            "are read");
  EXPECT_EQ(Message(Npy(Header("<f8", "(0,)"), "")),
            "a.npy: the array is empty; at least one row and one column are "
            "needed");
  EXPECT_EQ(Message(Npy("{'descr': [('a', '<f8')], 'fortran_order': False, "
                        "'shape': (1,), }\n",
                        data)),
            "a.npy: is an array with fields; write each field as an array of "
            "its own, or the table as CSV or Parquet");
  EXPECT_EQ(Message(Npy("{'descr': '<f8'}\n", data)),
            "a.npy: the header of the npy file lacks descr, fortran_order or "
            "shape; write the array again with numpy.save");
  EXPECT_EQ(Message(Npy("{'descr': }\n", data)),
            "a.npy: the header of the npy file cannot be read: \"{'descr': "
            "}\\x0A\"; write the array again with numpy.save");
}

TEST(NpyHeader, DoesNotOverflow) {
  EXPECT_THAT(Message(Npy(Header("<f8", "(4611686018427387904, 4)"), "")),
              testing::HasSubstr("the file seems cut off: 0 bytes"));
  std::string long_header = "\x93NUMPY\x02";
  long_header += std::string("\0\xFF\xFF\xFF\xFF", 5);
  EXPECT_EQ(Message(long_header),
            "a.npy: its header would take 4294967295 bytes, which no plain "
            "array needs; write the array again with numpy.save");
}

TEST_F(NpyFiles, HoldNumbersOfEveryWidth) {
  EXPECT_THAT(Numbers(Npy(Header("<f8", "(2,)"), Bytes<double>({0.5, -2}))),
              ElementsAre(0.5, -2));
  EXPECT_THAT(Numbers(Npy(Header("<f4", "(1,)"), Bytes<float>({0.25F}))),
              ElementsAre(0.25));
  // 1, -2, the smallest and the largest half: IEEE 754-2008, table 3.5.
  EXPECT_THAT(Numbers(Npy(Header("<f2", "(4,)"),
                          Bytes<uint16_t>({0x3C00, 0xC000, 0x0001, 0x7BFF}))),
              ElementsAre(1, -2, std::ldexp(1, -24), 65504));
  EXPECT_THAT(Numbers(Npy(Header("<f2", "(1,)"), Bytes<uint16_t>({0x7E00}))),
              ElementsAre(IsNan()));
  EXPECT_THAT(Numbers(Npy(Header("|i1", "(1,)"), Bytes<int8_t>({-5}))),
              ElementsAre(-5));
  EXPECT_THAT(Numbers(Npy(Header("<i2", "(1,)"), Bytes<int16_t>({-500}))),
              ElementsAre(-500));
  EXPECT_THAT(Numbers(Npy(Header("<u4", "(1,)"), Bytes<uint32_t>({1u << 31}))),
              ElementsAre(2147483648.0));
  EXPECT_THAT(
      Numbers(Npy(Header("<u8", "(1,)"), Bytes<uint64_t>({1ull << 63}))),
      ElementsAre(std::ldexp(1, 63)));
}

TEST_F(NpyFiles, HoldWords) {
  EXPECT_THAT(Words(Npy(Header("<i8", "(2,)"), Bytes<int64_t>({1, -7}))),
              ElementsAre("1", "-7"));
  EXPECT_THAT(Words(Npy(Header("<f4", "(3,)"), Bytes<float>({1, 0.1F, NAN}))),
              ElementsAre("1", "0.1", ""));
  EXPECT_THAT(Words(Npy(Header("|b1", "(3,)"), std::string("\0\1\2", 3))),
              ElementsAre("false", "true", "! is not a truth value"));
  EXPECT_THAT(Words(Npy(Header("<U2", "(3,)"),
                        Bytes<uint32_t>({'F', 0, 0xE9, 0x1F600, 0xD800, 0}))),
              ElementsAre("F", "\u00E9\U0001F600", "! is not valid Unicode"));
  EXPECT_THAT(Words(Npy(Header("|S3", "(2,)"), std::string("abcF\0\0", 6))),
              ElementsAre("abc", "F"));
}

TEST_F(NpyFiles, AreColumnsByName) {
  const std::string y =
      Write("y.npy", Npy(Header("<i8", "(2,)"), Bytes<int64_t>({1, 0})));
  const std::string p = Write(
      "p.npy", Npy(Header("<f8", "(2, 2)"), Bytes<double>({.1, .2, .3, NAN})));
  TableReader reader({"label=" + y, p});
  EXPECT_THAT(reader.header(), ElementsAre("label", "p_0", "p_1"));
  const Table table = reader.Read(
      {{"label", ColumnKind::kCategorical}, {"p_1", ColumnKind::kNumeric}});
  EXPECT_EQ(table.rows(), 2);
  EXPECT_THAT(table.Categorical("label").levels, ElementsAre("1", "0"));
  EXPECT_THAT(table.Numeric("p_1").values, ElementsAre(.2, IsNan()));
  EXPECT_EQ(table.Numeric("p_1").missing, 1);
  EXPECT_EQ(ToString(table.Where(1, "p_1")), p + ", row 3, column \"p_1\"");
  EXPECT_EQ(ToString(table.Where(1, "label")), y + ", row 3, column \"label\"");
}

TEST_F(NpyFiles, StandBesideATable) {
  const std::string csv = Write("t.csv", "sex,age\nF,50\nM,60\n");
  const std::string p =
      Write("p.npy", Npy(Header("<f8", "(2,)"), Bytes<double>({.1, .2})));
  TableReader reader({csv, "score=" + p});
  EXPECT_THAT(reader.header(), ElementsAre("sex", "age", "score"));
  const Table table = reader.Read(
      {{"sex", ColumnKind::kCategorical}, {"score", ColumnKind::kNumeric}});
  EXPECT_THAT(table.Numeric("score").values, ElementsAre(.1, .2));
  EXPECT_EQ(ToString(table.Where(0, "sex")), csv + ", row 2, column \"sex\"");
  EXPECT_EQ(ToString(table.Where(0, "score")), p + ", row 2, column \"score\"");
}

std::string ReadMessage(const std::vector<std::string>& inputs,
                        const std::vector<ColumnRequest>& columns) {
  try {
    TableReader(inputs).Read(columns);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_F(NpyFiles, ThatDoNotFitAreRefused) {
  const std::string csv = Write("t.csv", "sex,age\nF,50\nM,60\n");
  const std::string one =
      Write("one.npy", Npy(Header("<f8", "(1,)"), Bytes<double>({.1})));
  const std::string two = Write(
      "two.npy", Npy(Header("<f8", "(2,)"), Bytes<double>({1, INFINITY})));
  const std::string words =
      Write("words.npy", Npy(Header("|S1", "(2,)"), "FM"));
  EXPECT_EQ(ReadMessage({csv, one}, {}),
            csv + " has 2 rows and " + one +
                " has 1; all files need the same rows in the same order");
  EXPECT_EQ(ReadMessage({one, two}, {}),
            one + " has 1 rows and " + two +
                " has 2; all files need the same rows in the same order");
  EXPECT_EQ(ReadMessage({csv, "age=" + two}, {}),
            csv + " has a column \"age\", and so has " + two +
                "; give the array another name: NAME=" + two);
  EXPECT_EQ(ReadMessage({two}, {{"two", ColumnKind::kNumeric}}),
            two +
                ", row 3, column \"two\": \"inf\" is not a finite number; a "
                "missing value is written as null or NaN");
  EXPECT_EQ(ReadMessage({words}, {{"words", ColumnKind::kNumeric}}),
            words +
                ", column \"words\": holds texts (|S1), and numbers are "
                "needed here; write it as numbers: array.astype(float)");
  EXPECT_EQ(ReadMessage({words}, {{"word", ColumnKind::kNumeric}}),
            words +
                " has no column \"word\"; did you mean \"words\"? Its "
                "columns: words.");
}

TEST_F(NpyFiles, AreMatrices) {
  const NpyMatrix matrix =
      ReadNpyMatrix(Write("m.npy", Npy(Header("<f8", "(2, 3)"),
                                       Bytes<double>({1, 2, 3, 4, 5, 6}))));
  EXPECT_EQ(matrix.rows, 2);
  EXPECT_EQ(matrix.columns, 3);
  EXPECT_THAT(matrix.values, ElementsAre(1, 2, 3, 4, 5, 6));
  const std::string bad =
      Write("bad.npy", Npy(Header("<f8", "(1, 2)"), Bytes<double>({1, 1e300})));
  try {
    ReadNpyMatrix(bad);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), bad +
                                ", row 2, column \"1\": \"1e+300\" is not a "
                                "finite number of 32 bits");
  }
}

OutputTable Read(const std::string& path) {
  TableReader reader({path});
  return ReadForOutput(&reader);
}

TEST_F(NpyFiles, AreWrittenAndReadAgain) {
  const std::string csv = Write("t.csv", "a,b\n1.5,\n-2,1e300\n");
  const std::string npy = Write("t.npy", ToNpy(Read(csv)));
  EXPECT_EQ(std::filesystem::file_size(npy) % 32, 0u);
  TableReader reader({"c=" + npy});
  const Table table = reader.Read(
      {{"c_0", ColumnKind::kNumeric}, {"c_1", ColumnKind::kNumeric}});
  EXPECT_THAT(table.Numeric("c_0").values, ElementsAre(1.5, -2));
  EXPECT_THAT(table.Numeric("c_1").values, ElementsAre(IsNan(), 1e300));

  const std::string words = Write("w.csv", "w\nF\n\nd\u00E9j\u00E0 vu\n");
  const std::string word_npy = Write("w.npy", ToNpy(Read(words)));
  EXPECT_EQ(ToCsv(Read(word_npy), ',', {}), "w\nF\n\nd\u00E9j\u00E0 vu\n");
}

TEST_F(NpyFiles, OfMatricesAreWrittenAndReadAgain) {
  const NpyMatrix matrix{.rows = 2, .columns = 3, .values = {1, 2, 3, 4, 5, 6}};
  const std::string bytes = ToNpy(matrix);
  const std::string file = Write("m.npy", bytes);
  EXPECT_EQ(ReadNpyMatrix(file).values, matrix.values);
  const NpyHeader header = ParseNpyHeader(bytes, file);
  EXPECT_EQ(header.descr, "<f4");
  EXPECT_EQ(header.rows, 2);
  EXPECT_EQ(header.columns, 3);
  // NEP 1 asks for it.
  EXPECT_EQ(header.data_begin % 64, 0);
}

}  // namespace
}  // namespace plumbline
