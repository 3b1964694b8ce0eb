package io.rootstock.cli.display;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Width of the terminal in columns. */
public final class TerminalWidth {
    /** Width of an output that is not a terminal, and of a terminal of unknown width. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int MIN_COLUMNS = 20;

    private TerminalWidth() {}

    /** Returns the width of the process's terminal. */
    public static int columns() {
        return Optional.ofNullable(System.getenv("COLUMNS"))
                .map(columns -> of("0 " + columns))
                .filter(columns -> columns != UNLIMITED)
                .orElseGet(TerminalWidth::ofStty);
    }

    private static int ofStty() {
        try {
            Process process = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return UNLIMITED;
            }
            return of(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return UNLIMITED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNLIMITED;
        }
    }

    /** Parses rows and columns as {@code stty size} prints them. */
    static int of(String size) {
        String[] parts = size.strip().split(" ", -1);
        if (parts.length != 2 || !parts[1].matches("[0-9]{1,5}")) {
            return UNLIMITED;
        }
        int columns = Integer.parseInt(parts[1]);
        return columns >= MIN_COLUMNS ? columns : UNLIMITED;
    }
}
