#!/usr/bin/env bash
# Makes a NightNet from the folders of its data: labels, simulated pairs, the dense network that teaches it, training, evaluation
# on held-out scenes, the last steps once more with those scenes, and the files that are shipped.
#
#   training/tools/nightnet.sh SIZE [DATA] [MFNET]
#
# SIZE is m or s; DATA holds MSRS/, RoadScene/, FLIR/ and M3SVD/ (default ../shared/data); MFNET is the file of MFNet's
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

# frames FILMS OUTPUT: every 15th pair of pictures of films.
frames() {
  local film camera
  command -v ffmpeg >/dev/null || { echo "nightnet.sh: ffmpeg is missing; it takes films apart" >&2 && return 1; }
  for camera in visible infrared; do
    mkdir -p "$2/$camera"
    for film in "$1/$camera"/*.mp4; do
      ffmpeg -v error -y -i "$film" -vf "select='not(mod(n,15))'" -vsync 0 "$2/$camera/$(basename "$film" .mp4)-%03d.png" || return
    done
  done
}

once $prepared/MSRS ./nightfuse prepare labels "$data/MSRS" --weights "$weights" -o $prepared/MSRS
once $prepared/FLIR ./nightfuse prepare labels "$data/FLIR" --shapes "$data/MSRS" --weights "$weights" -o $prepared/FLIR
once $prepared/sim ./nightfuse simulate -o $prepared/sim --seeds "$(seq -s, 15)" --frames 16 --every 97
once $prepared/M3SVD frames "$data/M3SVD" $prepared/M3SVD
./nightfuse train -c configs/training/nightnet-dense.yaml
./nightfuse train -c "configs/training/nightnet-$size.yaml"

shipped=engine/src/main/resources/dev/nightfuse/engine/model
cp "$state/nightnet-$size/weights.safetensors" "$shipped/nightnet-$size.safetensors"
once $state/held-out ./nightfuse prepare split "$data/MSRS" "$data/RoadScene" $prepared/M3SVD --link $state/held-out
for set in MSRS RoadScene M3SVD; do
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
