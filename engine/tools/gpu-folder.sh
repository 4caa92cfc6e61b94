#!/usr/bin/env bash
# Makes a folder that tests a GPU on a bare host with one command: no JDK, no build, no TensorRT needed there.
#
#   engine/tools/gpu-folder.sh FOLDER [--tensorrt DIR | --download] [--model DIR]...
#
#   --tensorrt DIR   bring the TensorRT 10 libraries of this folder along
#   --download       bring those of org.bytedeco's redist jar along (x86-64, 1.1 GB from Maven Central, 1.7 GB unpacked)
#   neither          the host has TensorRT itself
#   --model DIR      bring a model folder along; it is tested besides the networks with weights by formula
#
# On the host: FOLDER/selftest [OPTIONS of nightfuse engine selftest]; the report is FOLDER/report.json.
# Make the folder on the processor architecture of the host. NVIDIA's libraries are under NVIDIA's licence: use the folder,
# do not publish it. Environment: JAVA_HOME (a JDK of 17 or later with jlink).
set -euo pipefail

root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
central=https://repo1.maven.org/maven2/org/bytedeco/tensorrt
# What the program's libraries reach by name; what it uses itself is asked of jdeps.
modules=java.desktop,java.logging,java.management,java.naming,java.sql,java.xml,jdk.crypto.ec,jdk.management,jdk.unsupported,jdk.zipfs
libraries=('libnvinfer.so.10*' 'libnvonnxparser.so.10*' 'libnvinfer_builder_resource*.so.10*')

say() { printf '%s\n' "$*" >&2; }
die() {
  say "gpu-folder: $*"
  exit 1
}
usage() {
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" >&2
  exit "$1"
}

folder='' tensorrt='' download=no models=()
while (($# > 0)); do
  case $1 in
    -h | --help) usage 0 ;;
    --tensorrt) tensorrt=${2:?--tensorrt needs a folder} && shift ;;
    --download) download=yes ;;
    --model) models+=("${2:?--model needs a folder}") && shift ;;
    -*) usage 2 ;;
    *)
      [[ -z $folder ]] || usage 2
      folder=$1
      ;;
  esac
  shift
done
[[ -n $folder ]] || usage 2
[[ ! -e $folder ]] || die "$folder exists"
[[ -z $tensorrt || -e $tensorrt/libnvinfer.so.10 ]] || die "$tensorrt has no libnvinfer.so.10"
for model in "${models[@]}"; do
  [[ -f $model/model.yaml ]] || die "$model is no model folder"
done
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac || die 'no JDK was found')")")")}
[[ -x $java_home/bin/jlink && -d $java_home/jmods ]] ||
  die "$java_home has no jlink or no jmods folder; set JAVA_HOME to a whole JDK"

work=$folder.making
rm -rf "$work"
mkdir -p "$work/lib"
trap 'rm -rf "$work"' EXIT
work=$(readlink -f "$work")

say "Building the program ..."
JAVA_HOME=$java_home env -C "$root" ./mvnw -q -B -pl pipeline -am -Dmaven.test.skip=true -Dnightfuse.check.skip \
  "-Dnightfuse.lib=$work/lib" package >&2
cp "$root"/pipeline/target/pipeline-*.jar "$work/lib/nightfuse.jar"

say "Making the Java runtime ..."
used=$("$java_home/bin/jdeps" --multi-release 17 --ignore-missing-deps --print-module-deps -cp "$work/lib/*" \
  "$work/lib/nightfuse.jar" "$work"/lib/engine-*.jar "$work"/lib/camera-adapters-*.jar)
"$java_home/bin/jlink" --add-modules "$modules,$used" --strip-debug --no-header-files --no-man-pages \
  --output "$work/runtime" >&2
# What it was linked against tells the oldest system that it runs on.
glibc=$(grep -aoh 'GLIBC_2\.[0-9]*' "$work/runtime/lib/server/libjvm.so" "$work"/runtime/lib/*.so | sort -uV | tail -n 1)

bring() { # the libraries of a folder, links as what they point to
  local from=$1 pattern file
  mkdir -p "$work/tensorrt"
  for pattern in "${libraries[@]}"; do
    for file in "$from"/$pattern; do
      [[ ! -e $file ]] || cp -L "$file" "$work/tensorrt/"
    done
  done
  # libnvinfer.so.10.6.0 beside libnvinfer.so.10 is the same file once more.
  for file in "$work"/tensorrt/lib{nvinfer,nvonnxparser}.so.10.*; do
    [[ ! -e $file ]] || rm "$file"
  done
}

if [[ $download == yes ]]; then
  [[ $(uname -m) == x86_64 ]] || die "--download has x86-64 libraries only; use --tensorrt"
  command -v unzip >/dev/null || die "--download needs unzip"
  version=$(sed -n 's:.*<tensorrt.version>\(.*\)</tensorrt.version>.*:\1:p' "$root/pom.xml")
  say "Downloading TensorRT ($version, 1.1 GB; by this you accept NVIDIA's TensorRT licence) ..."
  curl -fL --retry 3 -o "$work/redist.jar" "$central/$version/tensorrt-$version-linux-x86_64-redist.jar"
  mkdir "$work/redist"
  unzip -q -j -d "$work/redist" "$work/redist.jar" '*/libnvinfer.so.10' '*/libnvonnxparser.so.10' \
    '*/libnvinfer_builder_resource.so.10*'
  rm "$work/redist.jar"
  bring "$work/redist"
  rm -r "$work/redist"
elif [[ -n $tensorrt ]]; then
  bring "$tensorrt"
fi

names=''
for model in "${models[@]}"; do
  name=$(basename "$(readlink -f "$model")")
  mkdir -p "$work/models"
  cp -rL "$model" "$work/models/$name"
  names+=" $name"
done

# At the place that the program looks at: compares with PyTorch where the host has it.
mkdir -p "$work/engine/tools"
cp "$root/engine/tools/torch-bench.py" "$work/engine/tools/"

build=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
sed "s/@BUILD@/$build/" >"$work/selftest" <<'SELFTEST'
#!/bin/sh
# Tests this host's GPU; see README.txt. Everything it writes stays in this folder.
here=$(cd "$(dirname "$0")" && pwd)
if [ -f "$here/tensorrt/libnvinfer.so.10" ]; then
  export NIGHTFUSE_TENSORRT_DIR="$here/tensorrt"
fi
export XDG_CACHE_HOME="$here/cache"
unset CACHE_DIRECTORY
classes="$here/lib/nightfuse.jar"
for jar in "$here"/lib/*.jar; do
  [ "$jar" = "$here/lib/nightfuse.jar" ] || classes="$classes:$jar"
done
native=
case $("$here/runtime/bin/java" -version 2>&1 | sed -n '1s/.*"\([0-9]*\).*/\1/p') in
  17 | 18 | 19 | 20 | 21) ;;
  *) native=--enable-native-access=ALL-UNNAMED ;;
esac
# The folders that were brought along come first; with --models, only what it names.
for argument in "$@"; do
  [ "$argument" != --models ] || named=yes
done
if [ -z "$named" ] && [ -d "$here/models" ]; then
  brought=
  for model in "$here"/models/*; do
    brought="$brought${brought:+,}$model"
  done
  set -- --models "$brought,$("$here/runtime/bin/java" -cp "$classes" dev.nightfuse.app.NightfuseMain engine selftest --list-models)" "$@"
fi
cd "$here" || exit 1
exec "$here/runtime/bin/java" -Xmx4g -Xss8m $native -Djava.awt.headless=true "-Dnightfuse.root=$here" -Dnightfuse.build=@BUILD@ \
  -cp "$classes" dev.nightfuse.app.NightfuseMain engine selftest -o "$here/report.json" "$@"
SELFTEST
chmod +x "$work/selftest"

cat >"$work/README.txt" <<README
Nightfuse $build: test of a GPU

    ./selftest                                             all networks, tens of minutes the first time
    ./selftest --models seafusion,mafs-fusion --seconds 2  some

Needs Linux on $(uname -m) with ${glibc/_/ } or later and an NVIDIA driver$([[ -d $work/tensorrt ]] || printf ', and TensorRT 10').
The report is report.json; please send it. Models brought along:${names:- none}.
README

mv "$work" "$folder"
trap - EXIT
say "$folder is ready ($(du -sh "$folder" | cut -f 1)); on the host: ./selftest"
