package io.rootstock.bench.startup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Forms of the command line, in the order of the launcher's choice. */
enum CommandForm {
    NATIVE("native executable", "cli/target/rootstock"),
    AOT("JVM with AOT cache", "cli/target/rootstock-cli.aot"),
    JVM("JVM", "cli/target/rootstock-cli.jar");

    private final String title;
    private final String file;

    CommandForm(String title, String file) {
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
        return Files.isRegularFile(Path.of(file));
    }
}
