# Sourced by the launchers of the source tree and of a download: starts the command line in the fastest form that exists. Plain sh.
# Starts no program but the command line.

# Flags of the command line's JVM, also in the training of its AOT cache.
command_line_flags='-Xmx1g -XX:+UseSerialGC -XX:-UsePerfData --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow'

# launch_is_current FILE JAR: true if the file is not older than the jar and Rootstock's libraries in lib/ beside it.
launch_is_current() {
    [ -e "$1" ] || return 1
    for launch_source in "$2" "${2%/*}"/lib/rootstock-*.jar; do
        ! [ "$1" -ot "$launch_source" ] || return 1
    done
}

# launch ROOT EXECUTABLE JAR [ARGUMENT]...: becomes the command line. ROOT is the folder of the project or the download. The
# forms are the native executable, the JVM with the AOT cache beside the jar, each unless it is older than the jars, and the JVM.
# ROOTSTOCK_FORM chooses another one: native, aot or jvm. The demo reads the JDK's sources and runs for minutes: on the JVM.
launch() {
    launch_root=$1 launch_executable=$2 launch_jar=$3
    shift 3
    launch_cache=${launch_jar%.jar}.aot
    launch_form=${ROOTSTOCK_FORM:-}
    if [ -z "$launch_form" ]; then
        launch_form=jvm
        ! launch_is_current "$launch_cache" "$launch_jar" || launch_form=aot
        case " $* " in
            *" demo "*) ;;
            *) ! launch_is_current "$launch_executable" "$launch_jar" || launch_form=native ;;
        esac
    fi
    case $launch_form in
        native) exec "$launch_executable" "$@" ;;
        # The flags are words. The JVM would print why it does not use a cache of other jars.
        # shellcheck disable=SC2086
        aot) set -- -XX:AOTCache="$launch_cache" -Xlog:aot=off $command_line_flags -Drootstock.root="$launch_root" -cp "$launch_jar" \
            io.rootstock.cli.Rootstock "$@" ;;
        # shellcheck disable=SC2086
        jvm) set -- $command_line_flags -Drootstock.root="$launch_root" -cp "$launch_jar" io.rootstock.cli.Rootstock "$@" ;;
        *)
            echo "error: ROOTSTOCK_FORM is '$launch_form', not native, aot or jvm" >&2
            echo "hint: leave it unset to use the fastest form that is built" >&2
            exit 2
            ;;
    esac
    exec "$JAVA_HOME/bin/java" "$@"
}
