#!/usr/bin/env bash
# Builds plumbline and audits a chest X-ray model for 14 findings by sex, age
# and view. Installs missing Debian packages first.
# usage: scripts/demo.sh [FOLDER]   (default: build/demo)
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-build/demo}

scripts/setup.sh core
cmake --preset release >&2
cmake --build --preset release --parallel "${PLUMBLINE_JOBS:-2}" \
  --target plumbline >&2

audit=(build/release/bin/plumbline audit
  examples/nih_chexnet_predictions.csv.gz
  --label 'y_*' --score 'p_*' --subject patient_id
  --by sex,age,view --bins age=0,40,60,80
  --at fpr=0.2 --tune-on-audited -o "$out")
printf '\n$'
printf ' %q' "${audit[@]}"
printf '\n\n'
"${audit[@]}"
printf '\nThe report is %s\n' "$out/report.html"
