package io.rootstock.corpus.worker.plan;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.reader.DocumentFields;
import io.rootstock.corpus.reader.ReadSettings;
import io.rootstock.corpus.reader.RecordHandler;
import io.rootstock.corpus.reader.RefusedRecord;
import io.rootstock.corpus.reader.UnitReader;
import io.rootstock.corpus.unit.Compression;
import io.rootstock.corpus.unit.InputFile;
import io.rootstock.corpus.unit.Unit;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.TokenBuffer;
import io.rootstock.encoding.bpe.Tokenizer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Estimates the tokens of a source before it is read: stored bytes, times the share of text in them, divided by the bytes
 * per token. The share is a default by format and compression. Bytes per token are measured on the first
 * {@value #SAMPLE_BYTES} bytes of text if the tokenizer is known, else {@value #BYTES_PER_TOKEN}.
 */
final class TokenEstimate {
    /** Bytes of text that are tokenized. */
    static final int SAMPLE_BYTES = 1 << 18;

    /** Bytes per token of English with a vocabulary of 50,000 to 100,000; code has 3 to 4, Korean 2.5 to 3.5. */
    static final double BYTES_PER_TOKEN = 4.0;

    /** Bytes of text for each byte of text files that gzip or Zstandard compressed. */
    private static final double COMPRESSED_TEXT = 3.0;

    /** The same for pages of HTML, which are more regular. */
    private static final double COMPRESSED_PAGES = 5.0;

    private TokenEstimate() {}

    /** Returns the estimated number of tokens, rounded down. */
    static long of(List<Unit> units, DocumentFields fields, Optional<Tokenizer> tokenizer) {
        double bytesPerToken = tokenizer.isEmpty() || units.isEmpty()
                ? BYTES_PER_TOKEN
                : measured(units.getFirst(), fields, tokenizer.get());
        return (long) (textBytes(units) / bytesPerToken);
    }

    /** Returns the estimated UTF-8 bytes of text, rounded down. */
    static long textBytes(List<Unit> units) {
        return (long) units.stream()
                .mapToDouble(unit -> unit.bytes() * textShare(unit.file()))
                .sum();
    }

    private static double textShare(InputFile file) {
        boolean compressed = file.compression() != Compression.NONE;
        return switch (file.format()) {
            case TEXT, WET -> compressed ? COMPRESSED_TEXT : 1.0;
            // Names of fields, quotes and other fields.
            case JSON_LINES, JSON, CSV, TSV -> 0.9 * (compressed ? COMPRESSED_TEXT : 1.0);
            // Pages are compressed inside of the file.
            case PARQUET -> 2.0;
            // Markup, scripts, headers of HTTP, and records without a page.
            case WARC -> 0.06 * (compressed ? COMPRESSED_PAGES : 1.0);
        };
    }

    private static double measured(Unit unit, DocumentFields fields, Tokenizer tokenizer) {
        Sample sample = new Sample(tokenizer);
        try {
            new UnitReader(ReadSettings.DEFAULT.withFields(fields)).read(unit, sample);
        } catch (SampleFullException | IOException _) {
            // Enough was read; or the run reports why the unit cannot be read.
        }
        return sample.tokens == 0 ? BYTES_PER_TOKEN : (double) sample.bytes / sample.tokens;
    }

    /** Ends the reading of a unit. */
    private static final class SampleFullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SampleFullException() {
            super("the sample is full", null, false, false);
        }
    }

    /** Counts the tokens of the first documents. */
    private static final class Sample implements RecordHandler {
        private final Tokenizer tokenizer;
        private final TokenBuffer buffer = new TokenBuffer();
        private long bytes;
        private long tokens;

        Sample(Tokenizer tokenizer) {
            this.tokenizer = tokenizer;
        }

        @Override
        public void document(Document document) {
            byte[] text = document.text().utf8();
            buffer.clear();
            tokenizer.encode(text, 0, text.length, SpecialTokenPolicy.AS_TEXT, buffer);
            bytes += text.length;
            tokens += buffer.size();
            if (bytes >= SAMPLE_BYTES) {
                throw new SampleFullException();
            }
        }

        @Override
        public void refused(RefusedRecord record) {
            // The run reports it.
        }
    }
}
