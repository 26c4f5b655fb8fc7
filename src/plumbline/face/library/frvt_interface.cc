#include "plumbline/base/error.h"
#include "plumbline/face/library/library_file.h"

namespace plumbline::face {

FrvtInterface ParseFrvtInterface(const std::string& text) {
  for (const FrvtInterface each :
       {FrvtInterface::kVersion4, FrvtInterface::kVersion5,
        FrvtInterface::kFaceIris}) {
    if (text == NameOf(each)) return each;
  }
  throw Error(ErrorCode::kUsage, "expected 4, 5 or face-iris");
}

const char* NameOf(FrvtInterface interface) {
  switch (interface) {
    case FrvtInterface::kVersion4:
      return "4";
    case FrvtInterface::kVersion5:
      return "5";
    case FrvtInterface::kFaceIris:
      break;
  }
  return "face-iris";
}

}  // namespace plumbline::face
