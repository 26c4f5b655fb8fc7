// What an audit of a library says besides, on the terminal and on the page:
// failures to enrol and acquire, how the library behaved, how it was confined.
#pragma once

#include "plumbline/report/face_words.h"
#include "plumbline/report/page_writer.h"
#include "plumbline/report/plain_writer.h"

namespace plumbline::report {

// Nothing if no library was audited.
void WriteFaceLibrary(const JsonPlace& face, PageWriter* page);
void WriteFaceLibrary(const JsonPlace& face, PlainWriter* writer);

}  // namespace plumbline::report
