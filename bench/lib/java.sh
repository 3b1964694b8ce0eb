# Sourced by the executables under bench/: runs a main class of the bench module from the project's root, after the
# launcher has found a JDK 25 and built what is missing.
#   . "$(dirname "$0")/../lib/java.sh"
#   run_java io.rootstock.bench.sms.SmsSpam "$@"
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."

run_java() {
    ./rootstock --bench -Djava.util.logging.manager=org.jboss.logmanager.LogManager "$@"
}
