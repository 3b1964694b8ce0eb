# Sourced by ./rootstock and bench/lib/java.sh: finds a JDK 25, sets JAVA_HOME, and defines build, lock_build and need_maven.
# Starts as few programs as possible, because every command of the command line passes here.
here=$(cd "${BASH_SOURCE[0]%/*}" && pwd -P)

# True if the directory holds a JDK 25, according to its release file.
is_jdk_25() {
    local line
    [ -n "$1" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while read -r line; do
        case $line in 'JAVA_VERSION="25'[\".+-]*) return 0 ;; esac
    done <"$1/release"
    return 1
}

# Sets JAVA_HOME: the given one, else the home of the java on the PATH, else a common directory.
find_jdk() {
    local on_path candidate
    if is_jdk_25 "${JAVA_HOME:-}"; then return; fi
    on_path=$(command -v java || true)
    [ -z "$on_path" ] || on_path=$(readlink -f "$on_path")
    on_path=${on_path%/bin/java}
    for candidate in "$on_path" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/*jdk* /usr/local/*jdk* \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if is_jdk_25 "$candidate"; then
            JAVA_HOME=$candidate
            return
        fi
    done
    echo "error: JDK 25 not found (searched JAVA_HOME, java on the PATH, /usr/lib/jvm and other common directories)" >&2
    echo "hint: install a JDK 25 (Debian: apt install openjdk-25-jdk), or set JAVA_HOME" >&2
    exit 1
}

find_jdk
export JAVA_HOME

need_maven() {
    command -v mvn >/dev/null && return
    echo "error: mvn not found" >&2
    echo "hint: install Maven 3.9 or later (Debian: apt install maven)" >&2
    exit 1
}

service_modules="tokenizer-service trainer-service registry-service inference-service evaluator-service"
build_stamp=$here/target/built

# True if the outputs of a build exist, of whatever age.
is_built() {
    local service
    [ -e "$command_line_jar" ] || return 1
    for service in $service_modules; do
        [ -e "$here/$service/target/quarkus-app/quarkus-run.jar" ] || return 1
    done
}

# must_build [ARGUMENT]...: true if an output is missing, or a source is newer than the start of the last successful build. For the
# arguments of a command that neither starts nor checks the services, only the sources of the command line count.
must_build() {
    local jar sources
    [ -e "$build_stamp" ] && is_built || return 0
    sources=("$here/pom.xml" "$here"/*/pom.xml "$here"/libs/*/pom.xml "$here/proto/src" "$here/cli/src/main")
    case " $* " in
        "  " | *" up "* | *" demo "* | *" doctor "*)
            # The build generates the console's clients, in console/src/gen.
            sources+=("$here"/console/src/* "$here"/*-service/src/main "$here/corpus-worker/src/main" "$here"/libs/*/src/main)
            ;;
        *)
            for jar in "$here"/cli/target/lib/rootstock-*.jar; do
                jar=${jar##*/rootstock-}
                sources+=("$here/libs/${jar%%-[0-9]*}/src/main")
            done
            ;;
    esac
    [ -n "$(find "${sources[@]}" -path '*/console/src/gen' -prune -o -newer "$build_stamp" -print -quit 2>/dev/null)" ]
}

command_line_jar=$here/cli/target/rootstock-cli.jar
. "$here/cli/launch.sh"

# True if a jar of the inference service or of the command line is newer than the last attempt to train its AOT cache.
must_train() {
    local jar
    for jar in "$here/inference-service/target/quarkus-app/quarkus-run.jar" "$command_line_jar" "$here"/cli/target/lib/rootstock-*.jar; do
        [ ! "$jar" -nt "$here/target/aot-cache-tried" ] || return 0
    done
    return 1
}

build_lock=$here/target/build.lock

# lock_build [HOLDER]: waits until nothing else builds here, then keeps others from it until unlock_build or the end of this shell;
# close descriptor 9 for programs that may stay. HOLDER is build or test: while the tests run, commands do not wait for them, but
# use the outputs of the last build. Programs that the holder starts neither wait nor build.
lock_build() {
    [ "${ROOTSTOCK_BUILD_LOCK:-}" != "$here" ] || return 0
    mkdir -p "$here/target"
    # Opened without truncation: the file names its holder.
    exec 9>>"$build_lock"
    if ! flock -n 9; then
        if tests_run; then
            echo "rootstock: waiting until ./rootstock test has ended in $here" >&2
        else
            echo "rootstock: waiting for another build in $here" >&2
        fi
        flock 9
    fi
    echo "${1:-build}" >"$build_lock"
    export ROOTSTOCK_BUILD_LOCK=$here
}

unlock_build() {
    exec 9>&-
    unset ROOTSTOCK_BUILD_LOCK
}

# True while ./rootstock test holds the lock.
tests_run() {
    local holder
    { read -r holder <"$build_lock"; } 2>/dev/null && [ "$holder" = test ] && ! flock -n "$build_lock" true
}

# build [ARGUMENT]...: builds outputs that are missing or older than their sources, for a command as of must_build.
build() {
    if [ "${ROOTSTOCK_BUILD_LOCK:-}" = "$here" ]; then return; fi
    if ! must_build "$@" && ! must_train; then return; fi
    if is_built && tests_run; then
        echo "rootstock: ./rootstock test is running in $here: using the outputs of the last build" >&2
        return
    fi
    # A caller that has waited finds the outputs up to date.
    lock_build
    if must_build "$@"; then package; fi
    if must_train; then
        # The service also starts without the cache, but slower.
        "$here/inference-service/train-aot-cache" >&2 9>&- ||
            echo "warning: cannot train the AOT cache of the inference service, see above; it starts slower" >&2
        # The flags are words.
        # shellcheck disable=SC2086
        "$here/cli/train-aot-cache" "$command_line_jar" $command_line_flags >&2 9>&- ||
            echo "warning: cannot train the AOT cache of the command line, see above; it starts slower" >&2
        touch "$here/target/aot-cache-tried"
    fi
    unlock_build
}

# package [MODULE]...: builds the command line, the services and further modules; under the lock. With Error Prone where error_prone is
# set or a build exists.
package() {
    local modules options=(-q -B package -DskipTests)
    need_maven
    # Formatting is checked by ./rootstock test only.
    options+=(-Dspotless.check.skip)
    if [ -e "$build_stamp" ]; then
        echo "rootstock: building changed modules" >&2
    else
        echo "rootstock: building (first build: a few minutes)" >&2
        # CI ran Error Prone on the commit; modules that change later are compiled with it.
        [ -n "${error_prone:-}" ] || options+=(-Dcompiler.plugin=-parameters)
    fi
    touch "$here/target/building"
    modules=$(IFS=, && echo "cli,${service_modules// /,}${*:+,$*}")
    if ! (cd "$here" && mvn "${options[@]}" -T "${build_threads:-2}" -pl "$modules" -am </dev/null >&2 9>&-); then
        echo "error: build failed, see above" >&2
        echo "hint: run (cd $here && mvn clean), then repeat the command" >&2
        exit 1
    fi
    mv "$here/target/building" "$build_stamp"
}

# build_extra MODULE: builds a module that no command needs, such as bench, if it is missing or older than its sources or the services.
build_extra() {
    local stamp=$here/target/built-$1
    build
    if [ "${ROOTSTOCK_BUILD_LOCK:-}" = "$here" ]; then return; fi
    if [ -e "$stamp" ] && [ -z "$(find "$build_stamp" "$here/$1/pom.xml" "$here/$1/src/main" -newer "$stamp" -print -quit)" ]; then return; fi
    lock_build
    package "$1"
    unlock_build
    touch -r "$build_stamp" "$stamp"
}

# Builds the inference service's native executable if it is missing or older than the jar.
build_executable() {
    build
    if [ "${ROOTSTOCK_BUILD_LOCK:-}" = "$here" ]; then return; fi
    local executable=$here/inference-service/target/native-app/inference-service
    if [ -x "$executable" ] && [ ! "$executable" -ot "$here/inference-service/target/quarkus-app/quarkus-run.jar" ]; then return; fi
    need_maven
    lock_build
    echo "rootstock: building the inference service's native executable (several minutes; log: $here/target/executable.log)" >&2
    if ! (cd "$here" && ROOTSTOCK_SKIP_BUF=1 mvn -B -ntp package -Dnative -DskipTests -DskipITs -Dspotless.check.skip \
        -pl inference-service -am </dev/null >"$here/target/executable.log" 2>&1 9>&-); then
        grep -E '^inference-service:|^\[ERROR\]|^Error' "$here/target/executable.log" | head -n 20 >&2
        exit 1
    fi
    unlock_build
}

# Builds the command line's native executable if it is missing or older than the jar, where GRAALVM_HOME names a builder.
build_command_line() {
    build
    local executable=$here/cli/target/rootstock
    if launch_is_current "$executable" "$command_line_jar"; then return; fi
    if [ -z "${GRAALVM_HOME:-}" ]; then
        echo "rootstock: no native executable of the command line (GRAALVM_HOME is not set)" >&2
        return
    fi
    echo "rootstock: building the command line's native executable (several minutes; log: $here/target/executable.log)" >&2
    "$here/inference-service/require-builder" cli
    if ! "$here/cli/build-executable" "$command_line_jar" </dev/null >"$here/target/executable.log" 2>&1; then
        grep -E '^Error' "$here/target/executable.log" | head -n 20 >&2
        exit 1
    fi
}
