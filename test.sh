# Sourced by ./rootstock for its command `test`; needs build.sh.

# Tags of the tests that only --all runs: fault rounds, matrices (ranks, Spark, distribution, complete installations, grids of
# parity), browsers, native executables.
slow_tags='fault,matrix,browser,native'

test_usage() {
    cat <<'USAGE'
Usage: ./rootstock test [--all] [MODULE|CLASS|CLASS#METHOD]...

Build and run the unit and integration tests; PostgreSQL, libtorch and llama.cpp are real.

  --all     also run the tests tagged fault, matrix, browser and native, and with GRAALVM_HOME those of the native
            executable
  MODULE    run the tests of a module only, such as registry-service or libs/grammar
  CLASS     run a test class only, with its module and whatever its tags, such as JobsTest or JobsTest#cancel
USAGE
}

# Prints the module that each "Building" line of Maven's output begins, with the time since the start, and failures at once.
test_progress() {
    local line words
    while IFS= read -r line; do
        case $line in
            '[INFO] Building Rootstock: '*' ['*)
                read -r -a words <<<"${line#*Rootstock: }"
                printf '%3d:%02d  %s\n' $((SECONDS / 60)) $((SECONDS % 60)) "${words[*]}"
                ;;
            *'<<< FAILURE!' | *'<<< ERROR!' | '[ERROR] COMPILATION ERROR'*) printf '        %s\n' "$line" ;;
        esac
    done
}

# select_tests SUFFIX [PATTERN]...: the patterns of classes whose names end in the suffix, as Maven's -Dtest takes them.
select_tests() {
    local suffix=$1 pattern selected=()
    shift
    for pattern in "$@"; do
        [[ ${pattern%%#*} != *"$suffix" ]] || selected+=("$pattern")
    done
    [ "${#selected[@]}" -gt 0 ] || selected=(NONE)
    (IFS=, && echo "${selected[*]}")
}

# run_tests [ARGUMENT]...: as test_usage says; returns 1 if a test failed.
run_tests() {
    local all='' one_class='' whole_module='' code=0 name folder found started base
    local modules=() patterns=() maven=(-B -ntp verify -Dmaven.test.failure.ignore=true)
    while [ $# -gt 0 ]; do
        name=${1%/}
        case $name in
            --all) all=1 ;;
            -h | --help)
                test_usage
                return
                ;;
            -*)
                echo "error: unknown option '$name'" >&2
                echo "hint: ./rootstock test --help" >&2
                return 2
                ;;
            *)
                folder=$name
                [ -e "$here/$folder/pom.xml" ] || folder=libs/$name
                if [ -e "$here/$folder/pom.xml" ]; then
                    whole_module=1
                    modules+=("$folder")
                    while IFS= read -r found; do
                        patterns+=("${found%.java}")
                    done < <(find "$here/$folder/src/test/java" -name '*.java' -printf '%P\n')
                else
                    one_class=1
                    found=$(cd "$here" && find ./*/src/test/java libs/*/src/test/java -name "${name%%#*}.java" -print -quit)
                    found=${found#./}
                    if [ -z "$found" ]; then
                        echo "error: '$name' is neither a module nor a test class" >&2
                        echo "hint: a module is a folder with a pom.xml, such as registry-service or libs/grammar" >&2
                        return 2
                    fi
                    modules+=("${found%%/src/test/java/*}")
                    found=${found##*/src/test/java/}
                    patterns+=("${found%.java}${name#"${name%%#*}"}")
                fi
                ;;
        esac
        shift
    done
    if [ -n "$one_class" ] && [ -n "$whole_module" ]; then
        echo "error: modules and classes are given, which have different tags" >&2
        echo "hint: run ./rootstock test once for the modules and once for the classes" >&2
        return 2
    fi
    if [ "${#modules[@]}" -gt 0 ]; then
        maven+=(-pl "$(IFS=, && echo "${modules[*]}")" -am -Dtest="$(select_tests Test "${patterns[@]}")"
            -Dit.test="$(select_tests IT "${patterns[@]}")"
            -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false)
    fi

    need_maven
    cd "$here"
    mkdir -p target
    lock_build test
    if [ -n "$one_class" ]; then
        must_build up || maven+=(-Dquarkus.build.skip)
    else
        # With the services packaged, the command line's tests need not wait for those of the services.
        ! must_build up || error_prone=1 package
        maven+=(-Dquarkus.build.skip -P '!services-first')
    fi
    if [ -z "$all" ]; then
        # Formatting is checked of files that differ from the last upstream commit; --all checks every file.
        base=$(git merge-base HEAD '@{upstream}' 2>/dev/null || git rev-parse HEAD 2>/dev/null || true)
        maven+=(${base:+"-DratchetFrom=$base"})
    fi
    rm -f target/test-counts target/test-slow.log target/test-native.log
    started=$(date +%s)
    echo "rootstock: running tests; log: $here/target/test.log"
    if [ -n "$one_class" ]; then
        run_maven target/test.log "${maven[@]}" || code=1
    else
        run_maven target/test.log "${maven[@]}" -T "$(test_modules)" -Dtest.excluded="$slow_tags" || code=1
        if [ -n "$all" ]; then
            run_slow_tests "${maven[@]}" || code=1
        fi
    fi
    if [ -z "$all" ]; then
        [ -n "$one_class" ] || echo "not run: tests tagged $slow_tags; ./rootstock test --all runs them"
    elif [ "${#modules[@]}" -eq 0 ]; then
        test_executable "$code" || code=1
    fi
    "$JAVA_HOME/bin/java" "$here/TestReport.java" "$here" "$started" | tee target/test-counts || code=1
    return "$code"
}

# The number of modules to test at a time; the processes of a module's tests use 1 to 3 GB.
test_modules() {
    local name kilobytes=0
    while read -r name kilobytes _; do
        [ "$name" != MemTotal: ] || break
    done </proc/meminfo
    echo $((kilobytes >= 20000000 ? 4 : kilobytes >= 12000000 ? 3 : 2))
}

# run_maven LOG ARGUMENT...: returns 1 if a test failed, which does not hide the tests of later modules.
run_maven() {
    local log=$1
    shift
    mvn "$@" </dev/null 2>&1 9>&- | tee "$log" | test_progress || return 1
    ! grep -q '^\[ERROR\]' "$log"
}

# run_slow_tests ARGUMENT...: runs the tests with one of the slow tags on what the run before has built. Most are of the trainer
# and of bench, the last module: these run two classes at a time.
run_slow_tests() {
    local selected=("$@") tagged=()
    if [ "${#patterns[@]}" -eq 0 ]; then
        readarray -t tagged < <(grep -rl --include='*.java' '@Tag("' "$here"/*/src/test/java "$here"/libs/*/src/test/java |
            sed 's|.*/src/test/java/||; s|\.java$||')
        selected+=(-Dtest="$(select_tests Test "${tagged[@]}")" -Dit.test="$(select_tests IT "${tagged[@]}")"
            -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false)
    fi
    echo "rootstock: running tests tagged $slow_tags; log: $here/target/test-slow.log"
    run_maven target/test-slow.log "${selected[@]}" -Dtest.included="$slow_tags" -Dtest.reports=-slow \
        -T 2 -Dtest.forks=2 -Dspotless.check.skip
}

# test_executable CODE: builds the inference service's native executable and repeats its integration tests with it, where
# GRAALVM_HOME names a builder and the tests before ended with code 0 in time.
test_executable() {
    local log=target/test-native.log
    if [ -z "${GRAALVM_HOME:-}" ]; then
        echo "not run: tests of the inference service's native executable (GRAALVM_HOME is not set)"
    elif [ "$1" != 0 ]; then
        echo "not run: tests of the inference service's native executable (other tests failed)"
    elif [ "$SECONDS" -gt $((${ROOTSTOCK_NATIVE_TESTS_BEFORE:-1440} * 60)) ]; then
        echo "not run: tests of the inference service's native executable (the tests before them took $((SECONDS / 60)) minutes;" \
            "ROOTSTOCK_NATIVE_TESTS_BEFORE)"
    else
        echo "rootstock: building and testing the inference service's native executable; log: $here/$log"
        ROOTSTOCK_SKIP_BUF=1 mvn -B -ntp -pl inference-service -am verify -Dnative -DskipTests </dev/null 2>&1 9>&- | tee "$log" | test_progress
    fi
}
