#!/usr/bin/env bash
# Trains nightnet-s briefly with one thing changed at a time, and prints what each is worth on held-out scenes as a table.
#
#   training/tools/ablation.sh [VARIANT...]      without names: all of them; a finished one is not trained again
#
# Data as docs/training/README.md prepares it; MFNET=FILE names MFNet's weights, for distillation; LENGTH=4 takes four times
# the steps. One core: an hour, times LENGTH.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

length=${LENGTH:-1}
runs=.nightfuse/training/ablation-$length
variants=(whole no-attention no-semantics no-blend papers-loss no-noise no-focus no-overlap hard-pixels together-only
  pre-trained distilled)

# config VARIANT: the run's file.
config() {
  local noise=2 focus=0.5 without='[]' overlap=6 hard=0 intensity=0.2 distillation=0 teacher='' first='' classes_steps=$((1000 * length)) together_steps=$((300 * length))
  local measured='similarity: 2, fidelity: 8, edges: 11, differences: 0.9, correlation: 0.9, shades: 0.4'
  case $1 in
    whole) ;;
    no-attention) without='[attention]' ;;
    no-semantics) without='[semantics]' ;;
    no-blend) without='[blend]' ;;
    papers-loss) intensity=1 measured='similarity: 0, fidelity: 0, edges: 0, differences: 0, correlation: 0, shades: 0' ;;
    no-noise) noise=0 ;;
    no-focus) focus=0 ;;
    no-overlap) overlap=0 ;;
    hard-pixels) overlap=0 hard=10 ;;
    together-only) classes_steps=1 together_steps=$((700 * length)) ;;
    pre-trained) first="  restore: {steps: $((300 * length)), learning-rate: 0.003, warm-up: 50, loss: {restoration: 20, classes: 0, overlap: 0, gradient: 0, similarity: 0, fidelity: 0, edges: 0, differences: 0, correlation: 0, shades: 0}}" ;;
    distilled) distillation=2 teacher="  teacher: ${MFNET:?must name the file of the weights of MFNet}" ;;
    *) echo "ablation: no variant \"$1\"; there are: ${variants[*]}" >&2 && exit 64 ;;
  esac
  cat <<EOF
name: ablation-$length/$1
recipe: nightnet-s
seed: 1
batch: 8
crop-px: 256
augmentation: light
focus: $focus
ema: 0.99
validate-every: 100000
validation-pairs: 60
data:
  msrs: {folder: ../shared/data/MSRS, weight: 5, labels: [.nightfuse/training/prepared/MSRS/labels]}
  roadscene: {folder: ../shared/data/RoadScene, weight: 1.5}
  flir: {folder: ../shared/data/FLIR, weight: 1.2, labels: [.nightfuse/training/prepared/FLIR/labels]}
nightnet:
  fusion-pairs: 3
  noise: $noise
  without: $without
$teacher
stages:
$first
  classes:
    steps: $classes_steps
    learning-rate: 0.003
    warm-up: 50
    loss: {gradient: 0, similarity: 0, fidelity: 0, edges: 0, differences: 0, correlation: 0, shades: 0}
  together: {steps: $together_steps, learning-rate: 0.003, warm-up: 50}
loss: {intensity: $intensity, gradient: 5, $measured, classes: 10, overlap: $overlap, hard: $hard, distillation: $distillation}
EOF
}

# row VARIANT: what the run's last validation says.
row() {
  awk -F, -v name="$1" '
    $3 ~ /^validation\// { last[substr($3, 12)] = $4 }
    END {
      printf "| %s", name
      split("EN SD SF AG MI CC SCD VIF Qabf SSIM", metric, " ")
      split("3 2 2 3 3 3 3 3 3 3", decimals, " ")
      for (i = 1; i <= 10; i++) printf " | %.*f", decimals[i], last["MSRS/" metric[i]]
      split("car person bike", class, " ")
      for (i = 1; i <= 3; i++) printf " | %.3f", last["IoU-" class[i]]
      print " |"
    }' "$runs/$1/curve.csv"
}

chosen=("${@:-${variants[@]}}")
mkdir -p "$runs"
for variant in "${chosen[@]}"; do
  config "$variant" >"$runs/$variant.yaml"
  [[ -f $runs/$variant/done ]] || {
    ./nightfuse train -c "$runs/$variant.yaml" >"$runs/$variant.log" 2>&1 || { tail -n 5 "$runs/$variant.log" >&2 && exit 1; }
    touch "$runs/$variant/done"
  }
done
echo '| | EN | SD | SF | AG | MI | CC | SCD | VIF | Qabf | SSIM | car | person | bike |'
echo '|---|---|---|---|---|---|---|---|---|---|---|---|---|---|'
for variant in "${chosen[@]}"; do row "$variant"; done
