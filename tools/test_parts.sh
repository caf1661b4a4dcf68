#!/usr/bin/env bash
# Installs what the tests run beside the product where it is missing: MariaDB, Redis, clamd and Chromium, from Debian's packages.
# Only root can; for anybody else it says what to install. Tests of a missing server are skipped, those in a browser fail.
set -euo pipefail
has() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }
missing=()
has mariadbd || missing+=(mariadb-server)
has redis-server || missing+=(redis-server)
has clamd || missing+=(clamav-daemon)
# Chromium without windows opens a page in half the time; where it cannot be had, the whole browser will do.
quick=chromium-headless-shell
needed=("${missing[@]}")
if [ -z "${CHROMIUM:-}" ] && ! has $quick; then
    missing+=($quick)
    has chromium || has chromium-browser || has google-chrome || needed+=($quick)
fi
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! has apt-get; then
    [ ${#needed[@]} -eq 0 ] || echo "The tests need what is not installed here: apt-get install ${needed[*]}" >&2
    exit 0
fi
echo "Installing for the tests: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -qq --no-install-recommends "$@"; }
{ apt-get update -qq && { install "${missing[@]}" || install "${missing[@]/$quick/chromium}"; }; } >/dev/null ||
    echo "That failed; the tests need: apt-get install ${missing[*]}" >&2
