package io.rootstock.bench.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A library in a separate process, without a server: a request is a line of JSON on its standard input,
 * {@code {"id", "prompt", "tokens"}}; the process prints {@code token ID "TEXT"} for each token and
 * {@code done ID COUNT} after the last, and {@code ready TITLE} when it accepts requests. This costs the peer less than
 * HTTP would.
 */
final class PeerProcess implements TextContender {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long TOKEN_TIMEOUT_SECONDS = 180;

    /** A line of the process (a token's text, or the count of tokens after the last), or its end. */
    private sealed interface Event {
        record Token(String text) implements Event {}

        record Done(int count) implements Event {}

        record Ended() implements Event {}
    }

    private final Process process;
    private final PrintWriter requests;
    private final UnaryOperator<String> template;
    private final Path log;
    private final AtomicInteger nextId = new AtomicInteger();
    private final Map<Integer, BlockingQueue<Event>> running = new ConcurrentHashMap<>();
    private final String title;

    /**
     * Starts the process and waits until it is ready.
     *
     * @param template creates the model's prompt from a user's message
     * @param log file for the process's standard error
     */
    PeerProcess(ProcessBuilder builder, UnaryOperator<String> template, Path log) throws IOException {
        this.template = template;
        this.log = log;
        process = builder.redirectError(log.toFile()).start();
        requests = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        title = awaitReady(lines);
        Thread.ofPlatform().daemon().name("peer-output").start(() -> read(lines));
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public int generate(String prompt, int tokens, Runnable heard) throws IOException, InterruptedException {
        return generate(prompt, tokens, (String _) -> heard.run());
    }

    @Override
    public String text(String prompt, int tokens) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        generate(prompt, tokens, (Consumer<String>) text::append);
        return text.toString();
    }

    private int generate(String prompt, int tokens, Consumer<String> heard) throws IOException, InterruptedException {
        int id = nextId.getAndIncrement();
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        running.put(id, events);
        if (!process.isAlive()) {
            events.add(new Event.Ended());
        }
        try {
            String request =
                    JSON.writeValueAsString(Map.of("id", id, "prompt", template.apply(prompt), "tokens", tokens));
            synchronized (requests) {
                requests.println(request);
            }
            while (true) {
                switch (events.poll(TOKEN_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    case Event.Token token -> heard.accept(token.text());
                    case Event.Done done -> {
                        return done.count();
                    }
                    case Event.Ended() -> throw failed("ended with exit code " + process.waitFor());
                    case null -> throw failed("printed no token for " + TOKEN_TIMEOUT_SECONDS + " s");
                }
            }
        } finally {
            running.remove(id);
        }
    }

    @Override
    public ProcessHandle process() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private String awaitReady(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("ready ")) {
                return line.substring("ready ".length());
            }
        }
        throw failed("ended before it was ready");
    }

    private void read(BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 3);
                if (words.length == 3 && (words[0].equals("token") || words[0].equals("done"))) {
                    BlockingQueue<Event> events = running.get(Integer.parseInt(words[1]));
                    if (events != null) {
                        events.add(event(words));
                    }
                }
            }
        } catch (IOException e) {
            process.destroyForcibly(); // its requests then fail with the log's path
        } finally {
            running.values().forEach(events -> events.add(new Event.Ended()));
        }
    }

    private static Event event(String[] words) throws JsonProcessingException {
        return words[0].equals("token")
                ? new Event.Token(JSON.readValue(words[2], String.class))
                : new Event.Done(Integer.parseInt(words[2]));
    }

    private IOException failed(String how) throws IOException {
        String tail = Files.readString(log);
        return new IOException(
                "the peer " + how + "; the end of its output:\n" + tail.substring(Math.max(0, tail.length() - 4000)));
    }
}
