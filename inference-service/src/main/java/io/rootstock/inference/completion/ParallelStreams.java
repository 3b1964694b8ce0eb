package io.rootstock.inference.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** Reads the streams of several prompts concurrently; the first failure cancels all. */
public final class ParallelStreams {
    private ParallelStreams() {}

    /** Reads one stream to its end. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(int prompt, CompletionStream stream) throws InterruptedException;
    }

    /** Reads all streams; returns the results in the order of the streams. */
    public static <T> List<T> read(List<CompletionStream> streams, Reader<T> reader) throws InterruptedException {
        if (streams.size() == 1) {
            return List.of(reader.read(0, streams.getFirst()));
        }
        AtomicReference<RuntimeException> first = new AtomicReference<>();
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> reading = new ArrayList<>();
            for (int i = 0; i < streams.size(); i++) {
                int prompt = i;
                reading.add(readers.submit(() -> {
                    try {
                        return reader.read(prompt, streams.get(prompt));
                    } catch (RuntimeException e) {
                        first.compareAndSet(null, e);
                        streams.forEach(CompletionStream::cancel);
                        throw e;
                    }
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : reading) {
                results.add(result.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw first.get() == null ? new IllegalStateException(e.getCause()) : first.get();
        }
    }
}
