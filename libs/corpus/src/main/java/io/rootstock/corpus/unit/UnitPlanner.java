package io.rootstock.corpus.unit;

import io.rootstock.corpus.storage.StorageException;
import io.rootstock.corpus.storage.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Divides input files into units.
 *
 * <p>Uncompressed lines (jsonl, tsv, txt, csv without quotes) are cut at record boundaries near multiples of the unit
 * size; parquet between row groups. Everything else is one unit: compressed files, web archives, JSON arrays, CSV with
 * quotes, and encodings whose line feeds cannot be found without decoding. A plan of equal files and settings is equal.
 *
 * @param roots directories and parts of storages that inputs may lie in
 * @param settings unit size and division of text
 */
public record UnitPlanner(InputRoots roots, UnitSettings settings) {
    /**
     * Plans the files of patterns.
     *
     * @param patterns files, directories (with everything below), or globs ({@code *}, {@code **}, {@code ?},
     *     {@code [..]}, {@code {..}}); or addresses of files, of prefixes that end at a slash, or with globs
     * @throws RefusedInputException if a pattern matches no file, or a file is missing, unreadable, damaged, of an
     *     unknown format, in a cycle of symbolic links, or outside of the allowed directories
     */
    public UnitPlan plan(List<String> patterns) {
        return plan(patterns, Optional.empty());
    }

    /**
     * Plans the files of patterns.
     *
     * @param patterns as in {@link #plan(List)}
     * @param format format of all files, whatever their endings; empty: by the name of each file. The compression is
     *     identified by the name in either case
     * @throws RefusedInputException as in {@link #plan(List)}
     */
    public UnitPlan plan(List<String> patterns, Optional<InputFormat> format) {
        List<PlanNote> notes = new ArrayList<>();
        List<Unit> units = new ArrayList<>();
        for (InputFile file : new InputFinder(roots, format, notes).find(patterns)) {
            if (file.bytes() == 0 && file.format() != InputFormat.PARQUET) {
                notes.add(new PlanNote(file.name(), "is empty and is not read"));
                continue;
            }
            try (StoredFile stored = file.open()) {
                List<UnitRange> ranges = ranges(file, stored);
                for (UnitRange range : ranges) {
                    units.add(new Unit(file, range, sample(file, stored, range)));
                }
                if (ranges.isEmpty()) {
                    notes.add(new PlanNote(file.name(), "has no rows and is not read"));
                } else if (ranges.getFirst() instanceof UnitRange.Whole whole
                        && whole.to() > 2 * settings.unitBytes()) {
                    notes.add(new PlanNote(
                            file.name(), "is one unit of " + whole.to() + " bytes, because " + reason(file)));
                }
            } catch (StorageException e) {
                throw new RefusedInputException(file.place(), e.reason());
            } catch (IOException e) {
                throw new RefusedInputException(file.place(), "cannot be read (" + e + "); check its permissions");
            }
        }
        return new UnitPlan(units, notes);
    }

    private static String sample(InputFile file, StoredFile stored, UnitRange range) throws IOException {
        return switch (file.place()) {
            case InputPlace.Local _ -> ByteSample.of(stored, range);
            case InputPlace.Stored _ -> "";
        };
    }

    private List<UnitRange> ranges(InputFile file, StoredFile stored) throws IOException {
        UnitRange whole = new UnitRange.Whole(file.bytes());
        if (file.format() == InputFormat.PARQUET) {
            return RowGroupPlan.ranges(file, stored, settings.unitBytes());
        }
        if (file.compression() != Compression.NONE || file.bytes() <= settings.unitBytes() || !settings.cutsAtBytes()) {
            return List.of(whole);
        }
        return switch (file.format()) {
            case TEXT ->
                switch (settings.text()) {
                    case TextRecords.WholeFile _ -> List.of(whole);
                    case TextRecords.Lines _ -> cut(file, stored, false);
                    case TextRecords.Blocks _ -> cut(file, stored, true);
                };
            case JSON_LINES, TSV -> cut(file, stored, false);
            case CSV -> isPlain(stored) ? cut(file, stored, false) : List.of(whole);
            case JSON, PARQUET, WET, WARC -> List.of(whole);
        };
    }

    private List<UnitRange> cut(InputFile file, StoredFile stored, boolean paragraphs) throws IOException {
        return new CutPoints(stored, file.bytes(), paragraphs).ranges(settings.unitBytes());
    }

    private String reason(InputFile file) {
        if (file.compression() != Compression.NONE) {
            return "a compressed file cannot be cut; divide it into files of about " + settings.unitBytes() + " bytes";
        }
        return switch (file.format()) {
            case CSV -> "line breaks may lie inside of quoted values; convert it to .jsonl or .parquet";
            case JSON -> "a JSON array cannot be cut; convert it to .jsonl or .parquet";
            case WET, WARC -> "a web archive is read whole; divide it into smaller archives";
            case TEXT, JSON_LINES, TSV ->
                settings.cutsAtBytes()
                        ? "it is one document or has no line ends; divide it"
                        : "text in " + settings.encoding().name() + " cannot be cut; convert it to UTF-8";
            case PARQUET -> "it has one row group; write it with smaller row groups";
        };
    }

    /**
     * Whether a CSV file can be cut at line ends. A quoted value may hold line breaks, and whether a quote opens or closes a value
     * depends on everything before it. Therefore only a file without quotes, and without carriage returns that end a line alone, is
     * cut. Reads up to the first quote, or the whole file if it has none.
     */
    private static boolean isPlain(StoredFile file) throws IOException {
        byte[] bytes = new byte[1 << 18];
        boolean carriageReturn = false;
        try (InputStream in = file.stream(0, file.bytes())) {
            for (int read = in.read(bytes); read > 0; read = in.read(bytes)) {
                for (int i = 0; i < read; i++) {
                    byte value = bytes[i];
                    if (value == '"' || (carriageReturn && value != '\n')) {
                        return false;
                    }
                    carriageReturn = value == '\r';
                }
            }
        }
        return true;
    }
}
