package io.rootstock.inference.completion;

import io.rootstock.inference.engine.scheduling.Generation;
import io.rootstock.inference.engine.scheduling.Output;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.IntStream;

/** Merges the outputs of several generations into one sequence. For one reader; unread output stays in the engine. */
interface Outputs extends AutoCloseable {
    /** Waits for the next output and the index of its generation; each generation has at most one end. */
    Indexed next() throws InterruptedException;

    /** Stops the forwarding threads. */
    @Override
    void close();

    /** An output with the index of its generation. */
    record Indexed(int index, Output output) {}

    /** The outputs of these generations. */
    static Outputs of(List<Generation> generations) {
        return generations.size() == 1 ? new OfOne(generations.getFirst()) : new OfMany(generations);
    }

    /** Reads one generation on the reader's own thread. */
    record OfOne(Generation generation) implements Outputs {
        @Override
        public Indexed next() throws InterruptedException {
            return new Indexed(0, generation.next());
        }

        @Override
        public void close() {}
    }

    /** Reads each generation on its own thread, which waits for the reader. */
    final class OfMany implements Outputs {
        private final BlockingQueue<Event> events = new SynchronousQueue<>();
        private final List<Thread> threads;

        private sealed interface Event {}

        private record Given(Indexed output) implements Event {}

        private record Failed(RuntimeException failure) implements Event {}

        OfMany(List<Generation> generations) {
            threads = IntStream.range(0, generations.size())
                    .mapToObj(index -> Thread.ofVirtual()
                            .name("text-" + index)
                            .start(() -> forward(index, generations.get(index))))
                    .toList();
        }

        @Override
        public Indexed next() throws InterruptedException {
            return switch (events.take()) {
                case Given given -> given.output();
                case Failed failed -> throw failed.failure();
            };
        }

        @Override
        public void close() {
            threads.forEach(Thread::interrupt);
        }

        private void forward(int index, Generation generation) {
            try {
                Output output;
                do {
                    output = generation.next();
                    events.put(new Given(new Indexed(index, output)));
                } while (!(output instanceof Output.End));
            } catch (InterruptedException _) {
                // The reader has closed.
            } catch (RuntimeException e) {
                fail(e);
            }
        }

        private void fail(RuntimeException failure) {
            try {
                events.put(new Failed(failure));
            } catch (InterruptedException _) {
                // The reader has closed.
            }
        }
    }
}
