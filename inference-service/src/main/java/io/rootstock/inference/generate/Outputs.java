package io.rootstock.inference.generate;

import io.rootstock.inference.engine.Generation;
import io.rootstock.inference.engine.Output;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.IntStream;

/** What several generations give, as one sequence. One reader; what it does not take stays in the engine. */
interface Outputs extends AutoCloseable {
    /** The next output and whose it is; at most one end comes from each generation. */
    Indexed next() throws InterruptedException;

    /** Ends the threads that it needed. */
    @Override
    void close();

    /**
     * An output.
     *
     * @param index of the generation
     */
    record Indexed(int index, Output output) {}

    /** The outputs of these generations. */
    static Outputs of(List<Generation> generations) {
        return generations.size() == 1 ? new OfOne(generations.getFirst()) : new OfMany(generations);
    }

    /** Reads on the reader's own thread. */
    record OfOne(Generation generation) implements Outputs {
        @Override
        public Indexed next() throws InterruptedException {
            return new Indexed(0, generation.next());
        }

        @Override
        public void close() {}
    }

    /** Reads each generation on a thread of its own, which waits for the reader. */
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
