package io.rootstock.trainer.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.trainer.export.VariantProcess.Stage;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.RunExport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the output of a {@link VariantProcess} and reports its stage about once a second. */
final class VariantProgress {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    /** Interval of reports of an unchanged stage; long, because the run's log stores every event. */
    private static final long UNCHANGED_NANOS = 10 * INTERVAL_NANOS;

    /** Each quantization has a quantize and a measure stage; F32 is only measured. */
    private static final int STAGES = 2 * GgufFile.MADE.size() - 1;

    private final Path output;
    private final Consumer<RunExport> progress;
    private final long start = System.nanoTime();
    private long looked = start - INTERVAL_NANOS;
    private long reported = start - UNCHANGED_NANOS;
    private Stage last;

    VariantProgress(Path output, Consumer<RunExport> progress) {
        this.output = output;
        this.progress = progress;
    }

    /** Reads the output if a report is due; always returns true. */
    boolean look() {
        long now = System.nanoTime();
        if (now - looked >= INTERVAL_NANOS) {
            newest().ifPresent(stage -> {
                looked = now;
                if (!stage.equals(last) || now - reported >= UNCHANGED_NANOS) {
                    progress.accept(event(stage, (now - start) / 1e9));
                    reported = now;
                    last = stage;
                }
            });
        }
        return true;
    }

    private Optional<Stage> newest() {
        try {
            List<String> lines = Files.readString(output, StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
            for (String line : lines.reversed()) {
                Optional<Stage> stage = stage(line);
                if (stage.isPresent()) {
                    return stage;
                }
            }
        } catch (IOException notYet) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Parses a stage from a line; empty for a line with a result. */
    private static Optional<Stage> stage(String line) {
        try {
            return Optional.of(JSON.readValue(line, Stage.class));
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    private static RunExport event(Stage stage, double seconds) {
        int before = Math.max(0, 2 * List.copyOf(GgufFile.MADE).indexOf(stage.variant()) - 1);
        boolean measured = stage.stage().startsWith("measure") && stage.variant() != GgufFile.F32;
        double done = (before + (measured ? 1 : 0) + Math.min(1, stage.done())) / STAGES;
        return RunExport.newBuilder()
                .setStage(stage.stage())
                .setDone(done)
                .setEtaSeconds(done > 0 ? seconds * (1 - done) / done : 0)
                .build();
    }
}
