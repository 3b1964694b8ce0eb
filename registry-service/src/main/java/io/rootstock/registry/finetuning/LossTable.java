package io.rootstock.registry.finetuning;

import io.rootstock.registry.job.JobFeed;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes the losses of a training job as CSV with the columns step, train_loss and valid_loss, in nats per loss token. A
 * column is empty where the step has no value. Steps that a resumed run repeats are written once.
 */
final class LossTable {
    private static final String VALIDATION = "validation";

    private final OutputStream output;
    private long bytes;
    private long written = -1;
    private long step = -1;
    private String trainLoss = "";
    private String validLoss = "";

    private LossTable(OutputStream output) {
        this.output = output;
    }

    /** Writes the table of a feed from its first event and returns its length in bytes. */
    static long write(JobFeed feed, OutputStream output) throws IOException {
        LossTable table = new LossTable(output);
        table.line("step,train_loss,valid_loss");
        for (JobFeed.Batch batch = feed.next(); !batch.events().isEmpty(); batch = feed.next()) {
            for (JobFeed.Entry entry : batch.events()) {
                table.add(entry.event().getRunEvent());
            }
        }
        table.flush();
        return table.bytes;
    }

    private void add(RunEvent event) throws IOException {
        if (event.hasProgress()) {
            at(event.getProgress().getStep());
            trainLoss = number(event.getProgress().getLoss());
        } else if (event.hasEvaluation() && event.getEvaluation().getSplit().equals(VALIDATION)) {
            RunEvaluation evaluation = event.getEvaluation();
            at(evaluation.getStep());
            validLoss = number(evaluation.getLoss());
        }
    }

    private void at(long next) throws IOException {
        if (next != step) {
            flush();
            step = next;
        }
    }

    private void flush() throws IOException {
        if (step > written) {
            line(step + "," + trainLoss + "," + validLoss);
            written = step;
        }
        trainLoss = "";
        validLoss = "";
    }

    private void line(String text) throws IOException {
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        output.write(line);
        bytes += line.length;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.5f", value);
    }
}
