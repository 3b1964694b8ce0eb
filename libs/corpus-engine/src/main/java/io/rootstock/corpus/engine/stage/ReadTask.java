package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.Task.UnitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.count.StepCounter;
import io.rootstock.corpus.engine.count.UnitCounts;
import io.rootstock.corpus.engine.format.KeyFile;
import io.rootstock.corpus.engine.format.UnitFileWriter;
import io.rootstock.corpus.engine.spi.ComponentSpec;
import io.rootstock.corpus.engine.spi.Components;
import io.rootstock.corpus.engine.spi.DocumentReader;
import io.rootstock.corpus.engine.spi.DocumentReader.RecordSink;
import io.rootstock.corpus.engine.spi.ReadSummary;
import io.rootstock.corpus.engine.spi.RefusedDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the documents of a unit, applies the steps, and writes the rest with their exact keys. */
final class ReadTask implements UnitTask {
    private static final int MAX_REFUSED = 20;

    private final DocumentReader reader;
    private final Steps steps;

    ReadTask(TaskSpec spec) {
        reader = Components.reader(CountsJson.read(spec.parameter(Layout.READER), ComponentSpec.class));
        steps = Steps.of(CountsJson.read(spec.parameter(Layout.STEPS), ComponentSpec[].class));
    }

    @Override
    public String run(WorkUnit unit, TaskContext context) throws IOException {
        KeyFile.Writer keys = new KeyFile.Writer();
        UnitCounts[] counts = new UnitCounts[1];
        context.write(Layout.documents(Layout.READ, unit.index()), stream -> {
            try (UnitFileWriter writer = new UnitFileWriter(stream)) {
                Sink sink = new Sink(context, writer, keys);
                ReadSummary summary = reader.read(unit, sink);
                writer.finish();
                counts[0] = sink.counts(summary);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        });
        context.write(Layout.keys(unit.index()), keys::writeTo);
        return CountsJson.write(counts[0]);
    }

    /** Passes documents through the steps to the file. */
    private final class Sink implements RecordSink {
        private final TaskContext context;
        private final UnitFileWriter writer;
        private final KeyFile.Writer keys;
        private final List<RefusedDocument> firstRefused = new ArrayList<>();
        private final StepCounter read = new StepCounter(Layout.READ);
        private final Steps.Run run = steps.start();
        private long refused;

        Sink(TaskContext context, UnitFileWriter writer, KeyFile.Writer keys) {
            this.context = context;
            this.writer = writer;
            this.keys = keys;
        }

        @Override
        public void document(Document document) {
            context.checkCancelled();
            read.kept(document);
            Document kept = run.apply(document);
            if (kept == null) {
                return;
            }
            try {
                writer.add(kept);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            keys.add(kept);
        }

        @Override
        public void refused(RefusedDocument record) {
            context.checkCancelled();
            refused++;
            if (firstRefused.size() < MAX_REFUSED) {
                firstRefused.add(record);
            }
        }

        UnitCounts counts(ReadSummary summary) {
            return new UnitCounts(
                    writer.documents(),
                    writer.textBytes(),
                    refused,
                    firstRefused,
                    Optional.of(summary),
                    Stream.concat(Stream.of(read.counts()), run.counts().stream())
                            .toList());
        }
    }
}
