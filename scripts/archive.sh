# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# To be sourced: apt for newer suites of Debian, without a change of the system. Packages are unpacked, not installed.

accel_cache=${XDG_CACHE_HOME:-$HOME/.cache}/accel-core

# Prints the archive that the machine's apt sources name.
archive() {
  # shellcheck disable=SC2016 # apt expands it
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | awk 'NR == 1'
}

# use_suites SUITE...: makes apt-get and apt-cache of this shell see these suites only, with no package installed.
# Returns 1 if the machine's apt sources name no archive.
use_suites() {
  local uri suite apt=$accel_cache/apt keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  uri=$(archive)
  [[ -n $uri ]] || return 1
  apt+=/$(IFS=- && echo "$*")
  mkdir -p "$apt"/{sources,state/lists/partial,cache/archives/partial}
  for suite; do
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$uri" "$suite"
    if [[ -f $keyring ]]; then printf 'Signed-By: %s\n' "$keyring"; fi
    echo
  done >"$apt/sources/suites.sources"
  cat >"$apt/apt.conf" <<EOF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/sources";
Dir::State "$apt/state";
Dir::State::status "/dev/null";
Dir::Cache "$apt/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Acquire::Check-Valid-Until "false";
Acquire::GzipIndexes "true";
Acquire::Languages "none";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
EOF
  export APT_CONFIG=$apt/apt.conf
}
