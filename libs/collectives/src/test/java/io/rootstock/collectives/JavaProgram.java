package io.rootstock.collectives;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs main classes of the tests in separate processes. */
final class JavaProgram {
    private JavaProgram() {}

    static List<String> command(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
