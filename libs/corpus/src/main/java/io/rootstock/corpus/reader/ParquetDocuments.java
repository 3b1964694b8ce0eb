package io.rootstock.corpus.reader;

import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowGroupPredicate;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.ColumnSchema;
import io.rootstock.corpus.bytes.Utf8;
import io.rootstock.corpus.unit.UnitRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * Reads row groups of a parquet file: the columns of text, URL and licence, which must hold one string a row.
 *
 * <p>Other columns, nested ones too, are not decoded. Pages may be uncompressed, Snappy, gzip, Zstandard or LZ4.
 */
final class ParquetDocuments {
    /** Rows of a batch; bounds the memory at this number of records. */
    private static final int BATCH = 256;

    private final UnitInput input;
    private final UnitRange.RowGroups groups;
    private final DocumentSink sink;
    private long row;

    ParquetDocuments(UnitInput input, UnitRange.RowGroups groups, DocumentSink sink) {
        this.input = input;
        this.groups = groups;
        this.sink = sink;
        this.row = groups.firstRow();
    }

    void read() {
        DocumentFields fields = sink.settings().fields();
        try (ParquetFileReader file = guarded(() -> ParquetFileReader.open(input.parquet()))) {
            List<String> names = new ArrayList<>();
            names.add(requireStrings(file, fields.text()));
            Optional<String> url = add(file, fields.url(), names);
            Optional<String> licence = add(file, fields.licence(), names);
            ColumnProjection projection = ColumnProjection.columns(names.toArray(String[]::new));
            try (ColumnReaders columns = guarded(() -> file.buildColumnReaders(projection)
                    .filter(RowGroupPredicate.byteRange(groups.from(), groups.to()))
                    .batchSize(BATCH)
                    .build())) {
                while (guarded(columns::nextBatch)) {
                    readBatch(
                            columns.getColumnReader(fields.text()),
                            url.map(columns::getColumnReader),
                            licence.map(columns::getColumnReader),
                            columns.getRecordCount());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the parquet file at " + sink.row(row), e);
        }
    }

    /** Runs a call of the parquet library, which reports damage by exceptions of many classes. */
    private <T> T guarded(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new UnreadableRestException(
                    sink.row(row), "is damaged or of an unknown kind (" + e.getMessage() + "); write it again");
        }
    }

    private Optional<String> add(ParquetFileReader file, String name, List<String> names) {
        boolean exists = !name.isEmpty()
                && file.getFileSchema().getColumns().stream()
                        .anyMatch(column -> column.fieldPath().toString().equals(name));
        if (exists) {
            names.add(requireStrings(file, name));
        }
        return exists ? Optional.of(name) : Optional.empty();
    }

    private String requireStrings(ParquetFileReader file, String name) {
        List<ColumnSchema> columns = file.getFileSchema().getColumns();
        Optional<ColumnSchema> found = columns.stream()
                .filter(column -> column.fieldPath().toString().equals(name))
                .findFirst();
        if (found.isPresent()
                && found.get().type() == PhysicalType.BYTE_ARRAY
                && found.get().maxRepetitionLevel() == 0) {
            return name;
        }
        String kind = found.isPresent() ? "is not a string" : "does not exist, or is nested";
        String strings = columns.stream()
                .filter(column -> column.type() == PhysicalType.BYTE_ARRAY && column.maxRepetitionLevel() == 0)
                .map(column -> column.fieldPath().toString())
                .collect(Collectors.joining(", "));
        throw new UnreadableRestException(
                sink.row(row),
                "column '" + name + "' " + kind + "; set the name of the column, one of " + strings
                        + " (lists and other nested columns are not read)");
    }

    private void readBatch(ColumnReader text, Optional<ColumnReader> url, Optional<ColumnReader> licence, int records) {
        byte[] values = text.getBinaryValues();
        int[] offsets = text.getBinaryOffsets();
        for (int i = 0; i < records; i++) {
            String location = sink.row(row++);
            int length = offsets[i + 1] - offsets[i];
            if (text.getLeafValidity().isNull(i)) {
                sink.refuse(
                        location,
                        "has null in column '" + sink.settings().fields().text() + "'; fill it or remove the row");
            } else if (length > sink.settings().limits().recordBytes()) {
                sink.refuseTooLong(location);
            } else {
                int invalid = Utf8.firstInvalid(values, offsets[i], offsets[i + 1]);
                if (invalid >= 0) {
                    sink.refuseInvalidUtf8(location, invalid - offsets[i]);
                } else {
                    byte[] document = Arrays.copyOfRange(values, offsets[i], offsets[i + 1]);
                    sink.accept(location, document, string(url, i), string(licence, i));
                }
            }
        }
    }

    private static String string(Optional<ColumnReader> column, int index) {
        if (column.isEmpty() || column.get().getLeafValidity().isNull(index)) {
            return null;
        }
        int[] offsets = column.get().getBinaryOffsets();
        return new String(
                column.get().getBinaryValues(),
                offsets[index],
                offsets[index + 1] - offsets[index],
                StandardCharsets.UTF_8);
    }
}
