# Sourced by bench/lib/java.sh: with the argument --report an executable under bench/ also writes its output to
# bench/reports/DIRECTORY-NAME[-ARGUMENTS].txt, after a header with command, date, commit, machine and versions.
# Directories of this machine are shortened: the project to ".", the home directory to "~".
report_header() {
    local root=$1 commit modified=
    shift
    commit=$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
    [ -z "$(git -C "$root" status --porcelain --untracked-files=no 2>/dev/null)" ] || modified=" with uncommitted changes"
    echo "command    $*"
    echo "date       $(date -u +'%Y-%m-%d %H:%M UTC')"
    echo "commit     $commit$modified"
    echo "processor  $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1) (family $(sed -n 's/^cpu family[^:]*: //p' /proc/cpuinfo |
        head -n 1), model $(sed -n 's/^model[[:space:]]*: //p' /proc/cpuinfo | head -n 1)), $(nproc) cores$(
        ! grep -q amx_tile /proc/cpuinfo || echo ', AMX')"
    echo "memory     $(awk '/MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo)"
    echo "load       $(cut -d ' ' -f 1-3 /proc/loadavg) (1, 5, 15 minutes before the start)"
    echo "system     $(. /etc/os-release && echo "$PRETTY_NAME"), Linux $(uname -r), glibc $(getconf GNU_LIBC_VERSION | cut -d ' ' -f 2)"
    echo "java       $(sed -n 's/^IMPLEMENTOR_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release") ($(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release"))"
    echo "pins       parent pom.xml $(sha256sum "$root/pom.xml" | cut -c 1-12), bench/requirements $(
        cat "$root"/bench/requirements/*.txt | sha256sum | cut -c 1-12)"
}

# write_report ROOT EXECUTABLE [ARGUMENT]...: runs the executable without --report and writes the report; returns its status.
write_report() {
    local root=$1 executable=$2 name file code=0
    shift 2
    local arguments=() argument
    for argument in "$@"; do
        [ "$argument" = --report ] || arguments+=("$argument")
    done
    executable=$(realpath "$executable")
    name=${executable#"$root/bench/"}
    file=$(printf '%s' "$name ${arguments[*]}" | tr -cs 'A-Za-z0-9.' '-')
    file=$root/bench/reports/${file%-}.txt
    mkdir -p "$root/bench/reports"
    { report_header "$root" "bench/$name" "${arguments[@]}" && echo; } >"$file.new"
    "$executable" "${arguments[@]}" | tee -a "$file.new" || code=$?
    if ! grep -qE '^([a-z0-9_]+: )?[a-z0-9_.]+=' "$file.new"; then
        rm "$file.new"
        echo "no report: the output has no key=value lines (exit status $code)" >&2
        return "$code"
    fi
    sed -e "s|$root/|./|g" -e "s|$root|.|g" -e "s|$HOME|~|g" -e "s|${TMPDIR:-/tmp}/tmp\.[A-Za-z0-9]*|TMP|g" "$file.new" >"$file"
    rm "$file.new"
    echo "report: ${file#"$root/"} (exit status $code)" >&2
    return "$code"
}
