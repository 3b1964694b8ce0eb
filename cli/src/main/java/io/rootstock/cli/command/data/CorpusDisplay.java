package io.rootstock.cli.command.data;

import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.Progress;
import io.rootstock.tokenizer.v1.CorpusEvent;
import io.rootstock.tokenizer.v1.CorpusProgress;
import io.rootstock.tokenizer.v1.CorpusState;

/** Displays the events of a corpus: a bar for each stage, a line for each state and finished stage. */
final class CorpusDisplay implements AutoCloseable {
    private final Console console;
    private final String label;
    private CorpusProgress latest = CorpusProgress.getDefaultInstance();
    private Progress progress;

    /**
     * @param label label of the progress bar
     */
    CorpusDisplay(Console console, String label) {
        this.console = console;
        this.label = label;
    }

    void show(CorpusEvent event) {
        console.printJson(event);
        switch (event.getEventCase()) {
            case STATE_CHANGED -> {
                finishStage();
                note(withMessage(
                        event.getStateChanged().getState(),
                        event.getStateChanged().getMessage()));
            }
            case PROGRESS -> progress(event.getProgress());
            case EVENT_NOT_SET -> {}
        }
    }

    /** Closes the bar and prints a line. */
    void note(String line) {
        close();
        console.note("  " + line);
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }

    private void progress(CorpusProgress now) {
        if (!now.getStage().equals(latest.getStage())) {
            finishStage();
        }
        latest = now;
        if (progress == null) {
            progress = Progress.open(console, label);
        }
        progress.show(now.getBytesDone(), now.getBytes(), line(now));
    }

    private void finishStage() {
        if (!latest.getStage().isEmpty()) {
            note("%s  %s in %s"
                    .formatted(
                            latest.getStage(),
                            Format.bytes(latest.getBytesDone()),
                            Format.duration(latest.getSeconds())));
            latest = CorpusProgress.getDefaultInstance();
        }
    }

    /** Stage, units, bytes and remaining time in one line. */
    static String line(CorpusProgress now) {
        return "%s  %,d/%,d units  %s of %s  ETA %s"
                .formatted(
                        now.getStage(),
                        now.getDone(),
                        now.getTotal(),
                        Format.bytes(now.getBytesDone()),
                        Format.bytes(now.getBytes()),
                        now.getDone() == now.getTotal()
                                ? Format.duration(0)
                                : now.getSecondsLeft() > 0 ? Format.duration(now.getSecondsLeft()) : "?");
    }

    /** {@code failed: the disk is full}. */
    static String withMessage(CorpusState state, String message) {
        return Labels.of(state) + (message.isEmpty() ? "" : ": " + message);
    }
}
