#!/usr/bin/env bash
# Makes a NightNet from the folders of its data: labels, simulated pairs, the dense network that teaches it, training, evaluation
# on held-out scenes, the last steps once more with those scenes, and the files that are shipped.
#
#   training/tools/nightnet.sh SIZE [DATA] [MFNET]
#
# SIZE is m or s; DATA holds MSRS/, RoadScene/ and FLIR/ (default ../shared/data); MFNET is the file of MFNet's
# published weights (default ../shared/peers/weights/MFNet.pth). What is finished is not made again, and training that was
# interrupted goes on where it was. One core: four hours, of which the dense network, made once for both,
# takes two (as the parts took; run to its end once, for s, with stops).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

size=${1:?m or s}
data=${2:-../shared/data}
weights=${3:-../shared/peers/weights/MFNet.pth}
[[ $data == ../shared/data ]] || { echo "nightnet.sh: the files in configs/training name ../shared/data; change them to $data" >&2; }
state=.nightfuse/training
prepared=$state/prepared

# once FOLDER COMMAND...: makes a folder unless it has been finished before.
once() {
  local folder=$1
  shift
  [[ -f $folder/.finished ]] || { "$@" && touch "$folder/.finished"; }
}

once $prepared/MSRS ./nightfuse prepare labels "$data/MSRS" --weights "$weights" -o $prepared/MSRS
once $prepared/FLIR ./nightfuse prepare labels "$data/FLIR" --shapes "$data/MSRS" --weights "$weights" -o $prepared/FLIR
once $prepared/sim ./nightfuse simulate -o $prepared/sim --seeds "$(seq -s, 15)" --frames 16 --every 97
./nightfuse train -c configs/training/nightnet-dense.yaml
./nightfuse train -c "configs/training/nightnet-$size.yaml"

shipped=engine/src/main/resources/dev/nightfuse/engine/model
cp "$state/nightnet-$size/weights.safetensors" "$shipped/nightnet-$size.safetensors"
once $state/held-out ./nightfuse prepare split "$data/MSRS" "$data/RoadScene" --link $state/held-out
for set in MSRS RoadScene; do
  ./nightfuse evaluate --dataset "$state/held-out/$set" --model "nightnet-$size"
done

# What was measured stays beside what is shipped, which has seen the held-out scenes.
cp "$state/nightnet-$size/weights.safetensors" "docs/models/measured/nightnet-$size.safetensors"
./nightfuse train -c "configs/training/nightnet-$size-all.yaml"

# What is shipped: git tells whether these are the same bytes.
cp "$state/nightnet-$size-all/weights.safetensors" "$shipped/nightnet-$size.safetensors"
./nightfuse model import "nightnet-$size" "$shipped/nightnet-$size.safetensors" --no-golden --force -o "docs/models/nightnet-$size"
once $state/calibrate ./nightfuse prepare split "$data/MSRS" "$data/RoadScene" "$data/FLIR" --training --link $state/calibrate
./nightfuse model calibrate "nightnet-$size" "$shipped/nightnet-$size.safetensors" --limit 16 -o "$shipped/nightnet-$size-int8.json" \
  --dataset $state/calibrate/MSRS,$state/calibrate/RoadScene,$state/calibrate/FLIR
