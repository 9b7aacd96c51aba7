#!/bin/sh
# Makes sure that the browser tests find Debian's Chromium.
set -eu

[ -x /usr/bin/chromium ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "ブラウザーのテストには Chromium が必要です。「sudo apt-get install chromium」で入れてから、もう一度実行してください。" >&2
    exit 1
fi

echo "Chromium を入れています（ブラウザーのテスト用、数分かかることがあります）…"
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get -qq update && apt-get -qq install --yes --no-install-recommends chromium fonts-noto-cjk; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "Chromium を入れられませんでした。上の説明を確かめてください。" >&2
    exit 1
fi
rm -f "$log"
