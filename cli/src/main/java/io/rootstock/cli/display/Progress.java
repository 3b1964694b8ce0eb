package io.rootstock.cli.display;

import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress of something long on standard error: a live bar on a terminal, otherwise a line every few seconds. */
public interface Progress extends AutoCloseable {

    /**
     * Shows where it stands.
     *
     * @param done units done
     * @param total units in all; at most 0: not known
     * @param note figures beside the bar
     */
    void show(long done, long total, String note);

    @Override
    void close();

    /** Opens a bar or lines, as fits the console. */
    static Progress open(Console console, String task) {
        return console.interactive() ? new Bar(console, task) : new Lines(console, task);
    }

    /** A live bar. */
    final class Bar implements Progress {
        private static final int REFRESH_MILLIS = 200;
        private static final int WIDTH = 150;

        private final ProgressBar bar;

        Bar(Console console, String task) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(-1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(REFRESH_MILLIS)
                    .hideEta()
                    .setConsumer(new DelegatingProgressBarConsumer(line -> draw(console, line), WIDTH))
                    .clearDisplayOnFinish()
                    .build();
        }

        @Override
        public void show(long done, long total, String note) {
            bar.maxHint(Math.max(total, done));
            bar.stepTo(done);
            bar.setExtraMessage(" " + note);
        }

        @Override
        public void close() {
            bar.close();
        }

        private static void draw(Console console, String line) {
            console.err().print("\r\u001b[2K" + line.stripTrailing());
            console.err().flush();
        }
    }

    /** A line every few seconds. */
    final class Lines implements Progress {
        private static final long INTERVAL = Duration.ofSeconds(5).toNanos();

        private final Console console;
        private final String task;
        private long last = System.nanoTime() - INTERVAL / 2;

        Lines(Console console, String task) {
            this.console = console;
            this.task = task;
        }

        @Override
        public void show(long done, long total, String note) {
            long now = System.nanoTime();
            if (now - last >= INTERVAL) {
                last = now;
                String share = total > 0 ? "%3d %%  ".formatted(100 * done / total) : "";
                console.note("  " + task + "  " + share + note);
            }
        }

        @Override
        public void close() {
            // The last line stays as it is.
        }
    }
}
