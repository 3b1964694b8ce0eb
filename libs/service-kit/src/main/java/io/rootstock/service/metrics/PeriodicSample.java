package io.rootstock.service.metrics;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/**
 * Values that are read from time to time, so that a scrape does not wait for a database or a disk. A failed reading removes
 * the last value: gauges then are not a number.
 */
public final class PeriodicSample<T> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PeriodicSample.class);

    private final Callable<T> source;
    private final Duration period;
    private final Thread thread;
    private volatile Optional<T> last = Optional.empty();

    /**
     * Starts to read the source.
     *
     * @param name name of the thread
     * @param period time between two readings
     */
    public PeriodicSample(String name, Duration period, Callable<T> source) {
        this.source = source;
        this.period = period;
        this.thread = Thread.ofVirtual().name(name).start(this::readAll);
    }

    /** Returns the value of the last reading; empty if it failed, and before the first. */
    public Optional<T> last() {
        return last;
    }

    /** Returns a number of the last reading, for a gauge; NaN if it failed, and before the first. */
    public double number(ToDoubleFunction<T> number) {
        return last.stream().mapToDouble(number).findFirst().orElse(Double.NaN);
    }

    /** Stops the readings. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void readAll() {
        try {
            while (true) {
                read();
                Thread.sleep(period);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() throws InterruptedException {
        try {
            last = Optional.of(source.call());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            last = Optional.empty();
            LOG.debugf(e, "%s: cannot be read", thread.getName());
        }
    }
}
