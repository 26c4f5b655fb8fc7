#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/face/audit/face_options.h"

namespace plumbline::face {

OperatingPoint ParseOperatingPoint(const std::string& text) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const bool is_target = text.starts_with("fmr=");
  const std::string number = is_target ? text.substr(4) : text;
  double value = 0;
  if (!ParseNumber(number, &value) || !std::isfinite(value) ||
      (is_target && !(value > 0 && value < 1))) {
    throw Error(ErrorCode::kUsage,
                "--at {}: expected fmr=F with F above 0 and below 1, such as "
                "fmr=0.001, or a threshold such as 0.62",
                text);
  }
  return {text, is_target ? value : kNaN, is_target ? kNaN : value};
}

}  // namespace plumbline::face
