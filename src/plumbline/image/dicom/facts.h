// What a DICOM header says about how the picture was taken. Internal.
#pragma once

#include <vector>

#include "plumbline/image/decode.h"
#include "plumbline/image/dicom/dicom_file.h"

namespace plumbline {

// Names as in AllImageFacts, in its order. Nothing that names a person: no
// name, number or date but the year; ages of 90 and above are "90". A fact that
// is damaged is left out.
std::vector<ImageFact> DicomFacts(const DicomFile& file, int frame);

}  // namespace plumbline
