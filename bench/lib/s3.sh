# Sourced by executables under bench/ after java.sh: versitygw, an S3 server whose objects are files.
#   . bench/lib/s3.sh
#   s3_gateway || exit 0             # sets S3_GATEWAY, or has printed "skipped: versitygw could not be built (reason)"

s3_gateway() {
    S3_GATEWAY=$here/target/s3/bin/versitygw
    [ ! -x "$S3_GATEWAY" ] || return 0
    command -v go >/dev/null || { echo "skipped: versitygw could not be built (no Go)"; return 1; }
    echo "bench: building versitygw (about a minute)" >&2
    if ! GOBIN=$(dirname "$S3_GATEWAY") GOFLAGS=-trimpath CGO_ENABLED=0 GOTOOLCHAIN=local \
        go install -ldflags '-s -w' github.com/versity/versitygw/cmd/versitygw@v1.8.0 >&2; then
        echo "skipped: versitygw could not be built (the lines above say why)"
        return 1
    fi
}
