// Tables that are compressed or come through a pipe.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <string>
#include <thread>

#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/table/csv.h"

namespace plumbline {
namespace {

std::string Gzip(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, 0), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(
      ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

// Several slabs of one thread.
const std::string& LongText() {
  static const std::string text = [] {
    std::string rows = "id,score\n";
    for (int64_t i = 0; i < 350000; ++i) {
      rows +=
          std::to_string(i) + ",0." + std::to_string(i * 7919 % 1000000) + "\n";
    }
    return rows;
  }();
  return text;
}

const std::vector<ColumnRequest> kColumns = {{"id", ColumnKind::kCategorical},
                                             {"score", ColumnKind::kNumeric}};

void ExpectLongText(const Table& table) {
  const Table expected = ReadCsvText(LongText(), "a.csv", kColumns);
  EXPECT_EQ(table.rows(), expected.rows());
  EXPECT_TRUE(table.Numeric("score").values ==
              expected.Numeric("score").values);
  EXPECT_TRUE(table.Categorical("id").levels ==
              expected.Categorical("id").levels);
}

class CsvStream : public ::testing::Test {
 protected:
  CsvStream()
      : folder_(std::filesystem::temp_directory_path() /
                ("plumbline_csv_stream_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~CsvStream() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& bytes) {
    const std::string path = (folder_ / name).string();
    WriteFile(path, bytes);
    return path;
  }

  // What is said about a file called `name` with these bytes, without its path.
  std::string MessageOf(const std::string& name, const std::string& bytes) {
    const std::string path = Write(name, bytes);
    try {
      CsvReader({path}).Read(kColumns);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
      const std::string message = error.what();
      EXPECT_TRUE(message.starts_with(path)) << message;
      return message.substr(path.size());
    }
    return "no error";
  }

  std::filesystem::path folder_;
};

TEST_F(CsvStream, IsReadLikeTheTextThatItHolds) {
  const std::string gzip = Gzip(LongText());
  const std::string zstd = Zstd(LongText());
  for (const int threads : {1, 2}) {
    const CsvOptions options{.threads = threads, .hash_sources = true};
    const Table from_gzip =
        CsvReader({Write("a.csv.gz", gzip)}, options).Read(kColumns);
    ExpectLongText(from_gzip);
    EXPECT_EQ(from_gzip.sources()[0].sha256, Sha256(gzip));
    const Table from_zstd =
        CsvReader({Write("a.csv.zst", zstd)}, options).Read(kColumns);
    ExpectLongText(from_zstd);
    EXPECT_EQ(from_zstd.sources()[0].sha256, Sha256(zstd));
  }
}

TEST_F(CsvStream, IsKnownByItsFirstBytesWhateverItsName) {
  EXPECT_EQ(MessageOf("a.csv", Gzip("id,score\n1,2\n")), "no error");
  EXPECT_EQ(MessageOf("a.csv", Zstd("id,score\n1,2\n")), "no error");
}

TEST_F(CsvStream, MayConsistOfSeveralParts) {
  const std::string parts[] = {"id,score\n1,", "2\n3,4\n", "5,6"};
  const std::string gzip = Gzip(parts[0]) + Gzip(parts[1]) + Gzip(parts[2]);
  const std::string zstd = Zstd(parts[0]) + Zstd(parts[1]) + Zstd(parts[2]);
  EXPECT_EQ(CsvReader({Write("a.gz", gzip)}).Read(kColumns).rows(), 3);
  EXPECT_EQ(CsvReader({Write("a.zst", zstd)}).Read(kColumns).rows(), 3);
}

TEST_F(CsvStream, TakesItsSeparatorFromTheNameWithoutTheCompression) {
  EXPECT_EQ(MessageOf("a.tsv.gz", Gzip("id\tscore\n1,2\t3\n")), "no error");
}

TEST_F(CsvStream, IsRefusedWhenItIsCutOffAnywhere) {
  const std::string text = "id,score\n1,2\n3,4\n";
  const std::string gzip = Gzip(text);
  const std::string zstd = Zstd(text);
  // Up to the first bytes it is not even known to be compressed.
  EXPECT_EQ(MessageOf("a.csv.gz", ""),
            ": the file seems cut off: its gzip data end in the middle; copy "
            "or download it again");
  for (size_t size = 2; size < gzip.size(); ++size) {
    ASSERT_EQ(MessageOf("a.csv.gz", gzip.substr(0, size)),
              ": the file seems cut off: its gzip data end in the middle; "
              "copy or download it again")
        << size;
  }
  for (size_t size = 4; size < zstd.size(); ++size) {
    ASSERT_EQ(MessageOf("a.csv.zst", zstd.substr(0, size)),
              ": the file seems cut off: its Zstandard data end in the "
              "middle; copy or download it again")
        << size;
  }
}

TEST_F(CsvStream, IsRefusedWhenItIsDamaged) {
  std::string gzip = Gzip("id,score\n1,2\n3,4\n");
  gzip[gzip.size() - 6] ^= 1;  // of the checksum
  EXPECT_EQ(MessageOf("a.csv.gz", gzip),
            ": damaged gzip data (incorrect data check); copy or download the "
            "file again");
  EXPECT_EQ(MessageOf("a.csv.gz", "id,score\n1,2\n"),
            ": damaged gzip data (wrong first bytes); copy or download the "
            "file again");
  EXPECT_EQ(MessageOf("a.csv.zst", Zstd("id,score\n1,2\n") + "rubbish"),
            ": damaged Zstandard data (Unknown frame descriptor); copy or "
            "download the file again");
}

TEST_F(CsvStream, NamesRowsOfTheTextInItsMessages) {
  EXPECT_EQ(MessageOf("a.csv.gz", Gzip("id,score\n1,2\n3\n")),
            ", row 3: has 1 field, the header has 2; check for a missing "
            "separator or an unquoted comma");
  EXPECT_EQ(MessageOf("a.csv.gz", Gzip("")),
            ": the file is empty; a header row and at least one data row are "
            "needed");
}

TEST_F(CsvStream, MayBeANamedPipe) {
  const std::string path = (folder_ / "pipe").string();
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] {
    const int pipe = open(path.c_str(), O_WRONLY);
    const std::string bytes = Gzip(LongText());
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t size =
          write(pipe, bytes.data() + done, bytes.size() - done);
      if (size <= 0) break;
      done += size;
    }
    close(pipe);
  });
  const Table table = CsvReader({path}).Read(kColumns);
  writer.join();
  ExpectLongText(table);
}

// Reads standard input from a file while it lives.
class StandardInput {
 public:
  explicit StandardInput(const std::string& path) : saved_(dup(STDIN_FILENO)) {
    const int file = open(path.c_str(), O_RDONLY);
    dup2(file, STDIN_FILENO);
    close(file);
  }
  ~StandardInput() {
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }

 private:
  int saved_;
};

TEST_F(CsvStream, MayBeStandardInput) {
  {
    const StandardInput input(Write("a.csv", LongText()));
    CsvReader reader({"-"}, CsvOptions{.hash_sources = true});
    EXPECT_EQ(reader.name(), "standard input");
    const Table table = reader.Read(kColumns);
    ExpectLongText(table);
    EXPECT_EQ(table.sources()[0].sha256, Sha256(LongText()));
  }
  const StandardInput input(Write("a.csv.zst", Zstd("id,score\n1,x\n")));
  try {
    CsvReader({"-"}).Read(kColumns);
    FAIL() << "accepted x as a number";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "standard input, row 2, column \"score\": \"x\" is not a "
                 "number; empty or one of NA, N/A, NaN, nan, NULL, null, "
                 "None, #N/A means missing");
  }
}

}  // namespace
}  // namespace plumbline
