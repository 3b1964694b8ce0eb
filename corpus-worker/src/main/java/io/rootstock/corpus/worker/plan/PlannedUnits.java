package io.rootstock.corpus.worker.plan;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.spi.ComponentSpec;
import io.rootstock.corpus.engine.spi.DocumentReader;
import io.rootstock.corpus.engine.spi.DocumentReader.RecordSink;
import io.rootstock.corpus.engine.spi.ReadSummary;
import io.rootstock.corpus.engine.spi.ReaderProvider;
import io.rootstock.corpus.engine.spi.RefusedDocument;
import io.rootstock.corpus.reader.RecordHandler;
import io.rootstock.corpus.reader.RefusedRecord;
import io.rootstock.corpus.reader.UnitReader;
import io.rootstock.corpus.reader.UnitSummary;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The reader of planned units for workers: all formats of {@link io.rootstock.corpus.reader.UnitReader}. */
public final class PlannedUnits implements ReaderProvider {
    private static final String NAME = "planned-units";

    /** Version of the readers; changes whenever some unit gives other documents. */
    private static final int VERSION = 2;

    /** Describes the reader. */
    static ComponentSpec describe() {
        return ComponentSpec.of(NAME, VERSION, Map.of());
    }

    @Override
    public Optional<DocumentReader> create(ComponentSpec spec) {
        return spec.name().equals(NAME) ? Optional.of(new PlannedUnitReader()) : Optional.empty();
    }

    private record PlannedUnitReader() implements DocumentReader {
        @Override
        public int version() {
            return VERSION;
        }

        @Override
        public ReadSummary read(WorkUnit unit, RecordSink sink) throws IOException {
            UnitDescription description = UnitDescription.parse(unit.source());
            UnitSummary summary = new UnitReader(description.settings()).read(description.unit(), handler(sink));
            return new ReadSummary(
                    summary.contentDigest(),
                    summary.ignored(),
                    summary.unreadableRest().map(PlannedUnitReader::refused));
        }

        private static RecordHandler handler(RecordSink sink) {
            return new RecordHandler() {
                @Override
                public void document(Document document) {
                    sink.document(document);
                }

                @Override
                public void refused(RefusedRecord record) {
                    sink.refused(PlannedUnitReader.refused(record));
                }
            };
        }

        private static RefusedDocument refused(RefusedRecord record) {
            return new RefusedDocument(record.location(), record.reason());
        }
    }
}
