# Sourced by the executables under bench/: changes to the project root, finds a JDK 25, and builds modules that are missing or
# older than their sources.
#   . "$(dirname "$0")/../lib/java.sh"
#   run_java io.rootstock.bench.sms.SmsSpam "$@"
# Every executable then takes --report, which also writes its output to bench/reports/ (see report.sh).
set -euo pipefail

caller=$(realpath "${BASH_SOURCE[1]}")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. ./build.sh
. bench/lib/report.sh
case " $* " in
*" --report "*)
    write_report "$here" "$caller" "$@"
    exit
    ;;
esac

# run_java [JVM FLAG]... CLASS [ARGUMENT]...: runs a main class of the bench module.
run_java() {
    build_extra bench
    # Exported for the processes that a benchmark starts.
    export ROOTSTOCK_LLAMA="${ROOTSTOCK_LLAMA:-$here/libs/llama/target/native}"
    "$JAVA_HOME/bin/java" -Xmx4g --enable-native-access=ALL-UNNAMED --add-modules=jdk.incubator.vector \
        --sun-misc-unsafe-memory-access=allow -Drootstock.root="$here" \
        -Djava.util.logging.manager=org.jboss.logmanager.LogManager \
        -cp "$here/bench/target/classes:$here/bench/target/lib/*" "$@"
}

# run_unit_tests MODULES TESTS [OPTION]...: runs unit tests; the first arguments as in Maven's -pl and -Dtest.
run_unit_tests() {
    need_maven
    ROOTSTOCK_SKIP_BUF=1 mvn -B -ntp test -pl "$1" -am -Dtest="$2" -Dspotless.check.skip -Dsurefire.failIfNoSpecifiedTests=false \
        "${@:3}" </dev/null
}

# run_integration_tests MODULES TESTS [OPTION]...: the same for integration tests; the arguments as in Maven's -pl and -Dit.test.
run_integration_tests() {
    need_maven
    ROOTSTOCK_SKIP_BUF=1 mvn -B -ntp verify -pl "$1" -am -Dtest=none -Dit.test="$2" -Dspotless.check.skip \
        -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false "${@:3}" </dev/null
}

# Builds corpus-spark if it is missing or older than its sources. Other builds leave it out, because Spark's jars are 140 MB.
build_spark() {
    build_extra bench
    local jar=$here/corpus-spark/target/rootstock-corpus.jar
    if [ -e "$jar" ] && [ -z "$(find "$here"/corpus-{spark,worker}/{pom.xml,src/main} "$here"/libs/corpus*/src/main -newer "$jar" -print -quit)" ]; then
        return
    fi
    need_maven
    echo "bench: building corpus-spark (downloads Spark once, 140 MB)" >&2
    ROOTSTOCK_SKIP_BUF=1 mvn -q -B -ntp package -DskipTests -Dspotless.check.skip -pl corpus-spark -am </dev/null >&2
}
