package io.rootstock.bench.startup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Forms of the command line, in the order of the launcher's choice. */
enum CommandForm {
    NATIVE("native executable", Path.of("cli/target/rootstock")),
    AOT("JVM with AOT cache", Path.of("cli/target/rootstock-cli.aot")),
    JVM("JVM", Path.of("cli/target/rootstock-cli.jar"));

    private final String title;
    private final Path file;

    CommandForm(String title, Path file) {
        this.title = title;
        this.file = file;
    }

    /** Name in tables. */
    String title() {
        return title;
    }

    /** Value of {@code ROOTSTOCK_FORM}, and the beginning of the figure's name. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is built. */
    boolean isBuilt() {
        return Files.isRegularFile(file);
    }
}
