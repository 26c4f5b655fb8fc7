#include "plumbline/table/dates.h"

#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"
#include "plumbline/table/csv.h"

namespace plumbline {
namespace {

TEST(DateFormat, CountsDaysFrom1970) {
  const DateFormat iso;
  EXPECT_EQ(iso.Parse("1970-01-01"), 0);
  EXPECT_EQ(iso.Parse("1969-12-31"), -1);
  EXPECT_EQ(iso.Parse("2000-03-01"), 11017);  // date -d 2000-03-01 +%s / 86400
  EXPECT_EQ(iso.Parse("20000301"), 11017);
  EXPECT_EQ(iso.Parse("0001-01-01"), -719162);
}

TEST(DateFormat, TakesTheDayOfATimeAsItIsWritten) {
  const DateFormat iso;
  for (const char* text :
       {"2000-03-01T00:00", "2000-03-01 23:59:59", "2000-03-01T23:59:60.123456",
        "2000-03-01T12:00:00Z", "2000-03-01T12:00:00+02:00",
        "2000-03-01T12:00:00-0530", "2000-03-01T12:00+02"}) {
    EXPECT_EQ(iso.Parse(text), 11017) << text;
  }
}

TEST(DateFormat, RefusesWhatIsNoDay) {
  const DateFormat iso;
  for (const char* text : {"",
                           "2023-02-29",
                           "2024-02-30",
                           "2024-13-01",
                           "2024-00-10",
                           "2024-01-00",
                           "0000-01-01",
                           "2024-1-1",
                           "24-01-01",
                           "2024-01",
                           "2024",
                           "01/02/2024",
                           "2024/01/02",
                           "2024-0102",
                           "202401-02",
                           "2024010",
                           "202401021",
                           "2024-01-02 ",
                           " 2024-01-02",
                           "2024-01-02T",
                           "2024-01-02x",
                           "2024-01-02T25:00",
                           "2024-01-02T10",
                           "2024-01-02T10:60",
                           "2024-01-02T10:00:61",
                           "2024-01-02T10:00:00.",
                           "2024-01-02T10:00+02:",
                           "2024-01-02T10:00+99:00",
                           "20240102T10:00",
                           "-2024-01-02",
                           "12.5"}) {
    EXPECT_FALSE(iso.Parse(text)) << text;
  }
}

TEST(DateFormat, KnowsLeapYears) {
  const DateFormat iso;
  EXPECT_TRUE(iso.Parse("2024-02-29"));
  EXPECT_TRUE(iso.Parse("2000-02-29"));
  EXPECT_FALSE(iso.Parse("1900-02-29"));
}

TEST(DateFormat, ReadsAPattern) {
  EXPECT_EQ(DateFormat("%d.%m.%Y").Parse("1.3.2000"), 11017);
  EXPECT_EQ(DateFormat("%d.%m.%Y").Parse("01.03.2000"), 11017);
  EXPECT_EQ(DateFormat("%m/%d/%Y %H:%M").Parse("03/01/2000 9:05"), 11017);
  EXPECT_EQ(DateFormat("%d-%b-%Y").Parse("01-MAR-2000"), 11017);
  EXPECT_EQ(DateFormat("%d%m%Y").Parse("01032000"), 11017);
  EXPECT_FALSE(DateFormat("%d%m%Y").Parse("1032000"));
  EXPECT_FALSE(DateFormat("%d.%m.%Y").Parse("31.2.2000"));
  EXPECT_FALSE(DateFormat("%d.%m.%Y").Parse("2000-03-01"));
  EXPECT_FALSE(DateFormat("%d.%m.%Y").Parse("1.3.2000 10:00"));
}

TEST(DateFormat, SaysWhatAPatternLacks) {
  EXPECT_EQ(ErrorText([] { DateFormat("%d.%m.%y"); }),
            "2: --date-format %d.%m.%y: \"%y\" is not known; there are %Y, %m, "
            "%d, %b, %H, %M and %S");
  EXPECT_EQ(ErrorText([] { DateFormat("%d.%m"); }),
            "2: --date-format %d.%m: %Y is missing (years have four digits); a "
            "day needs %Y, %m (or %b) and %d, such as %d.%m.%Y");
  EXPECT_EQ(ErrorText([] { DateFormat("%d %b %m %Y"); }),
            "2: --date-format %d %b %m %Y: a part of the date is given twice");
  EXPECT_EQ(ErrorText([] { DateFormat("%Y%"); }),
            "2: --date-format %Y%: \"%\" is not known; there are %Y, %m, %d, "
            "%b, %H, %M and %S");
}

TEST(DayText, IsReadBack) {
  for (const char* text : {"0001-01-01", "1969-12-31", "2024-02-29"}) {
    EXPECT_EQ(DayText(*DateFormat().Parse(text)), text);
  }
}

TEST(ReadDays, NamesTheRowOfWhatIsNoDate) {
  const Table table = ReadCsvText("when\n2024-01-02\n\n03/04/2024\n", "t.csv",
                                  {{"when", ColumnKind::kCategorical}});
  EXPECT_EQ(
      ErrorText(
          [&] { ReadDays(table, table.Categorical("when"), DateFormat()); }),
      "3: t.csv, row 4, column \"when\": \"03/04/2024\" is not a date; "
      "expected a day of the calendar such as 2024-03-31 (also with a time, "
      "2024-03-31T23:59:59) or 20240331; for others give --date-format, such "
      "as %d.%m.%Y.");
  const std::vector<Day> days =
      ReadDays(ReadCsvText("when\n2024-01-02\n\n", "t.csv",
                           {{"when", ColumnKind::kCategorical}}),
               ReadCsvText("when\n2024-01-02\n\n", "t.csv",
                           {{"when", ColumnKind::kCategorical}})
                   .Categorical("when"),
               DateFormat());
  EXPECT_EQ(days, (std::vector<Day>{19724, kNoDay}));
}

}  // namespace
}  // namespace plumbline
