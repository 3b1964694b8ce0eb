package io.rootstock.cli.display;

import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress on standard error: a bar on a terminal, otherwise a line every five seconds. */
public interface Progress extends AutoCloseable {

    /**
     * Updates the progress.
     *
     * @param done completed units
     * @param total total units; 0 or less: unknown
     * @param note text beside the bar
     */
    void show(long done, long total, String note);

    @Override
    void close();

    /** Opens a bar if the console is interactive, else lines. */
    static Progress open(Console console, String task) {
        return console.interactive() ? new Bar(console, task) : new Lines(console, task);
    }

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
            // Nothing to close.
        }
    }
}
