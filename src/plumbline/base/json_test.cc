#include "plumbline/base/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "plumbline/base/random.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

TEST(WriteJson, KeepsTheOrderOfKeysAndIndentsByTwo) {
  Json document;
  document["b"] = 1;
  document["a"] = {{"x", Json::array({true, nullptr, "text"})},
                   {"none", Json::array()},
                   {"empty", Json::object()}};
  EXPECT_EQ(WriteJson(document), R"({
  "b": 1,
  "a": {
    "x": [
      true,
      null,
      "text"
    ],
    "none": [],
    "empty": {}
  }
}
)");
}

TEST(WriteJson, GivesTheShortestDigitsThatReadBack) {
  EXPECT_EQ(WriteJson(0.1), "0.1\n");
  EXPECT_EQ(WriteJson(1.0 / 3), "0.3333333333333333\n");
  EXPECT_EQ(WriteJson(5e-324), "5e-324\n");
  EXPECT_EQ(WriteJson(-7), "-7\n");
  EXPECT_EQ(WriteJson(std::numeric_limits<uint64_t>::max()),
            "18446744073709551615\n");
}

TEST(WriteJson, KeepsWholeDoublesApartFromIntegers) {
  EXPECT_EQ(WriteJson(1.0), "1.0\n");
  EXPECT_EQ(WriteJson(-0.0), "-0.0\n");
  EXPECT_EQ(WriteJson(1e22), "1e+22\n");
}

TEST(WriteJson, ReadsBackEveryDoubleBitByBit) {
  RandomStream stream(1, "json");
  Json document = Json::array();
  while (document.size() < 20'000) {
    const uint64_t bits = stream.NextUint64();
    double value;
    std::memcpy(&value, &bits, sizeof(value));
    if (std::isfinite(value)) document.push_back(value);
  }
  const Json back = ParseJson(WriteJson(document), "test.json");
  ASSERT_EQ(back.size(), document.size());
  for (size_t i = 0; i < back.size(); ++i) {
    ASSERT_EQ(back[i].get<double>(), document[i].get<double>());
  }
}

TEST(WriteJson, EscapesAsTheStandardAsks) {
  const std::string text = std::string("\"\\/\n\t") + '\0' + "\x1f µ";
  EXPECT_EQ(WriteJson(text), "\"\\\"\\\\/\\n\\t\\u0000\\u001f µ\"\n");
  EXPECT_EQ(ParseJson(WriteJson(text), "").get<std::string>(), text);
  EXPECT_EQ(WriteJson(Json{{"a\"b", 1}}), "{\n  \"a\\\"b\": 1\n}\n");
}

TEST(WriteJson, PutsAReplacementForBytesThatAreNotUtf8) {
  EXPECT_EQ(WriteJson("M\xe4nner"), "\"M\ufffdnner\"\n");
}

TEST(WriteJson, NamesTheNumberThatIsNotFinite) {
  Json document;
  document["groups"] = Json::array({1.5, {{"a/b", NAN}}});
  EXPECT_EQ(ErrorText([&] { WriteJson(document); }),
            "70: the number at \"/groups/1/a~1b\" of a JSON document is nan; "
            "JSON has only finite numbers");
}

TEST(Number, IsNullWhereJsonHasNoNumber) {
  EXPECT_EQ(Number(0.5), Json(0.5));
  EXPECT_TRUE(Number(NAN).is_null());
  EXPECT_TRUE(Number(-INFINITY).is_null());
}

TEST(ParseJson, SaysWhereAndWhatWasExpected) {
  EXPECT_EQ(ErrorText([] { ParseJson("{\n  \"a\": 1,\n  b\n}", "p.json"); }),
            "3: p.json: not valid JSON at line 3, column 3: syntax error while "
            "parsing object key - invalid literal; last read: '1,<U+000A>  b'; "
            "expected string literal");
  EXPECT_EQ(ErrorText([] { ParseJson("", "p.json"); }),
            "3: p.json: not valid JSON at line 1, column 1: syntax error while "
            "parsing value - unexpected end of input; expected '[', '{', or a "
            "literal");
  EXPECT_EQ(ErrorText([] { ParseJson("[1e999]", "p.json"); }),
            "3: p.json: not valid JSON: number overflow parsing '1e999'");
  EXPECT_EQ(ErrorOf([] { ParseJson("[1] 2", "p.json"); })->location().file,
            "p.json");
  EXPECT_TRUE(ErrorOf([] { ParseJson("[NaN]", "p.json"); }));
}

TEST(ParseJson, RefusesAKeyThatOneObjectHasTwice) {
  EXPECT_EQ(
      ErrorText([] { ParseJson(R"({"b": {"a": 1, "a": 2}})", "p.json"); }),
      "3: p.json: the key \"a\" appears twice in one JSON object");
  EXPECT_FALSE(ErrorOf([] {
    ParseJson(R"([{"a": {"a": 1}}, {"a": 2, "b": {"a": 1}}])", "p.json");
  }));
}

TEST(ParseJson, RefusesADocumentThatIsOnlyBrackets) {
  EXPECT_EQ(ErrorText([] { ParseJson(std::string(1'000'000, '['), "p.json"); }),
            "3: p.json: the JSON is nested more than 200 levels deep");
}

}  // namespace
}  // namespace plumbline
