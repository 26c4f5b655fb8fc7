#!/usr/bin/env bash
# Builds plumbline and audits how a chest X-ray model finds pleural effusion, by
# sex, age and view. Installs missing Debian packages first.
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
  --label y_Effusion --score p_Effusion --subject patient_id
  --by sex,age,view --bins age=0,40,60,80
  --at fpr=0.2 --tune-on-audited --metrics fnr,fpr,auroc -o "$out")
printf '\n$ %s\n\n' "${audit[*]}"
"${audit[@]}"
