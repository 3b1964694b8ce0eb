package io.rootstock.bench.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Chromium with pages of the console, steered by {@code console/test/browser/session.mjs}. */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int END_SECONDS = 10;

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    /**
     * Starts Chromium.
     *
     * @param console directory of the console's sources, with its packages
     * @param address HTTP address of the registry
     */
    Browser(Path console, String address) throws IOException {
        process = new ProcessBuilder("node", "test/browser/session.mjs", address)
                .directory(console.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = process.outputWriter();
        answers = process.inputReader();
    }

    /** Opens a path in a page; returns the milliseconds until it has content. */
    double open(String page, String path) throws IOException {
        return send(Map.of("open", page, "path", path)).path("milliseconds").asDouble();
    }

    /** Scrolls the list of a page to its end; returns the milliseconds and the most rows that existed at once. */
    JsonNode scroll(String page, int rows) throws IOException {
        return send(Map.of("scroll", page, "rows", rows));
    }

    /** The visible text of a page. */
    String text(String page) throws IOException {
        return send(Map.of("text", page)).path("text").asText();
    }

    /** Bytes of a page's scripts after a garbage collection. */
    long memory(String page) throws IOException {
        return send(Map.of("memory", page)).path("bytes").asLong();
    }

    private JsonNode send(Map<String, Object> command) throws IOException {
        commands.write(JSON.writeValueAsString(command) + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the browser ended in " + command + "; its error is above");
        }
        return JSON.readTree(answer);
    }

    @Override
    public void close() throws IOException {
        commands.close();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
