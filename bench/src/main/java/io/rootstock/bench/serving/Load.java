package io.rootstock.bench.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Load of concurrent streams, each of which sends its next request after a response; collects the times of all rounds.
 */
final class Load {
    /** Linux counts a process's CPU time in hundredths of a second. */
    private static final double TICKS_PER_SECOND = 100;

    /** Column titles of {@link #row}. */
    static final String HEADER = String.format(
            "%7s %-42s %9s %24s %27s %10s",
            "streams", "", "tokens/s", "first token p50/95/99 ms", "between tokens p50/95/99 ms", "CPU ms/tok");

    private final int streams;
    private final List<Double> firstTokens = Collections.synchronizedList(new ArrayList<>());
    private final List<Double> gaps = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger tokens = new AtomicInteger();
    private int sent;
    private double seconds;
    private double processorSeconds;

    Load(int streams) {
        this.streams = streams;
    }

    int streams() {
        return streams;
    }

    /** Runs one round, with the prompts after those of the last round. Returns the round's tokens per second. */
    double run(Contender contender, List<String> prompts, int requests, int tokensEach)
            throws IOException, InterruptedException {
        int first = sent;
        sent += requests;
        AtomicInteger next = new AtomicInteger();
        double processorBefore = processorSeconds(contender.process());
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(streams)) {
            List<Future<?>> running = new ArrayList<>();
            for (int stream = 0; stream < streams; stream++) {
                running.add(threads.submit(() -> {
                    for (int index = next.getAndIncrement(); index < requests; index = next.getAndIncrement()) {
                        one(contender, prompts.get((first + index) % prompts.size()), tokensEach);
                    }
                    return null;
                }));
            }
            for (Future<?> stream : running) {
                stream.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(contender.title() + " failed under " + streams + " streams", e.getCause());
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        seconds += elapsed;
        processorSeconds += processorSeconds(contender.process()) - processorBefore;
        return (double) requests * tokensEach / elapsed;
    }

    /** Duration of all rounds. */
    double seconds() {
        return seconds;
    }

    double tokensPerSecond() {
        return tokens.get() / seconds;
    }

    double processorMillisecondsPerToken() {
        return 1000 * processorSeconds / tokens.get();
    }

    Quantiles firstToken() {
        return Quantiles.of(firstTokens);
    }

    /** Time between two messages of a stream, in milliseconds. */
    Quantiles gap() {
        return Quantiles.of(gaps);
    }

    /** Returns a row of the table. */
    String row(String title) {
        return String.format(
                Locale.ROOT,
                "%7d %-42s %9.1f %24s %27s %10.2f",
                streams,
                title,
                tokensPerSecond(),
                text(firstToken()),
                text(gap()),
                processorMillisecondsPerToken());
    }

    private static String text(Quantiles quantiles) {
        return String.format(Locale.ROOT, "%.1f/%.1f/%.1f", quantiles.p50(), quantiles.p95(), quantiles.p99());
    }

    private void one(Contender contender, String prompt, int wanted) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<Long> heard = new ArrayList<>();
        int made = contender.generate(prompt, wanted, () -> heard.add(System.nanoTime()));
        if (made != wanted || heard.isEmpty()) {
            throw new IOException(contender.title() + " made " + made + " tokens, not " + wanted);
        }
        tokens.addAndGet(made);
        firstTokens.add((heard.getFirst() - start) / 1e6);
        for (int i = 1; i < heard.size(); i++) {
            gaps.add((heard.get(i) - heard.get(i - 1)) / 1e6);
        }
    }

    private static double processorSeconds(ProcessHandle process) throws IOException {
        String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        // User and system time are the 14th and 15th fields; the first two are cut off.
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }
}
