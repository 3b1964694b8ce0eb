package io.rootstock.tokenizer.split;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest.Split;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Reference: distributes examples that it keeps in memory; the real one keeps them in a file. */
final class NaiveSplitDataset {
    private final PrepareDatasetRequest request;
    private final DatasetKind kind;
    private final Splitter splitter;
    private final ExampleCutter cutter;
    private final boolean streaming;
    private final List<Map<SplitName, SplitWriter>> writers = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final Map<SplitName, Map<String, Long>> rowsPerLabel = new EnumMap<>(SplitName.class);
    private final List<Map<SplitName, Split>> finished = new ArrayList<>();
    private final List<String> fileNames;
    private final List<Long> textTokens = new ArrayList<>();
    private final NaiveSplitOverlap overlap = new NaiveSplitOverlap();
    private List<String> labels = List.of();
    private long documents;

    private record Held(int source, long line, Example example) {}

    /** @param fileNames file names of the sources, in order */
    NaiveSplitDataset(
            PrepareDatasetRequest request,
            DatasetKind kind,
            Tokenizer tokenizer,
            ArtifactStore store,
            List<String> fileNames) {
        this.request = request;
        this.kind = kind;
        this.fileNames = List.copyOf(fileNames);
        splitter = Splitter.of(request);
        cutter = new ExampleCutter(tokenizer);
        streaming = kind == DatasetKind.PRETRAINING && !request.getSplitInOrder();
        for (int source = 0; source < request.getSourcesCount(); source++) {
            Map<SplitName, SplitWriter> bySplit = new EnumMap<>(SplitName.class);
            for (SplitName split : SplitName.values()) {
                bySplit.put(split, new SplitWriter(kind, tokenizer, store, request.getValidateOnly()));
            }
            writers.add(bySplit);
        }
    }

    /** Adds the next example of a source, with its line in the file. */
    void add(int source, long line, Example example) {
        if (!streaming) {
            held.add(new Held(source, line, example));
            return;
        }
        SplitName fixed = fixedSplit(source);
        writers.get(source)
                .get(fixed != null ? fixed : splitter.ofDocument(documents++))
                .add(example, 0);
    }

    /** Assigns the kept examples to splits, and finishes all shards. */
    void finish() {
        labels = List.copyOf(new TreeSet<>(held.stream()
                .map(row -> row.example.label())
                .filter(label -> label != null)
                .toList()));
        List<Held> open = new ArrayList<>();
        for (Held row : held) {
            SplitName fixed = fixedSplit(row.source);
            if (fixed == null) {
                open.add(row);
            } else {
                write(row, fixed);
            }
        }
        if (kind == DatasetKind.PRETRAINING) {
            splitByPlace(open);
        } else {
            splitByNumber(request.getBalanceClasses() ? balanced(open) : open);
        }
        held.clear();
        overlap.finish();
        for (Map<SplitName, SplitWriter> bySplit : writers) {
            textTokens.add(bySplit.get(SplitName.TRAIN).textTokens());
            Map<SplitName, Split> splits = new EnumMap<>(SplitName.class);
            bySplit.forEach((split, writer) -> splits.put(split, writer.finish()));
            finished.add(splits);
        }
    }

    /** Class labels in id order. */
    List<String> labels() {
        return labels;
    }

    /** Returns the splits of each source, after {@link #finish}. */
    List<Map<SplitName, Split>> splits() {
        return finished;
    }

    /** Returns the number of tokens of a source's training text, whose size is {@link Split#bytes}. */
    long textTokens(int source) {
        return textTokens.get(source);
    }

    /** Returns the rows that are in two splits. */
    NaiveSplitOverlap overlap() {
        return overlap;
    }

    /** Returns the number of rows of each class of a split, in label order. */
    List<Long> rowsPerLabel(SplitName split) {
        Map<String, Long> counts = rowsPerLabel.getOrDefault(split, Map.of());
        return labels.stream().map(label -> counts.getOrDefault(label, 0L)).toList();
    }

    /** Whether rows that are not of a fixed split are assigned to this one. */
    boolean assigns(SplitName split) {
        return splitter.share(split) > 1e-9
                && request.getSourcesList().stream()
                        .anyMatch(source -> source.getSplit().isEmpty());
    }

    private SplitName fixedSplit(int source) {
        DatasetSource declared = request.getSources(source);
        return SplitName.of(declared.getSplit()).orElse(null);
    }

    /** Splits each source in order: positions are in bytes of text, and a document across a boundary is cut. */
    private void splitByPlace(List<Held> rows) {
        Map<Integer, Long> total = new HashMap<>();
        rows.forEach(row -> total.merge(row.source, row.example.bytes(), Long::sum));
        Map<Integer, Long> before = new HashMap<>();
        for (Held row : rows) {
            long start = before.getOrDefault(row.source, 0L);
            before.put(row.source, start + row.example.bytes());
            writeByPlace(row, start, total.get(row.source));
        }
    }

    private void writeByPlace(Held row, long start, long total) {
        long end = start + row.example.bytes();
        for (double border : splitter.borders()) {
            long at = (long) Math.ceil(border * total);
            if (at > start && at < end) {
                Example[] parts = cutter.cut(row.example, at - start);
                if (parts[0].bytes() > 0) {
                    write(new Held(row.source, row.line, parts[0]), splitter.at((double) start / total));
                    // From the boundary itself, so that a token across it does not shift the rest.
                    writeByPlace(new Held(row.source, row.line, parts[1]), at, total);
                    return;
                }
            }
        }
        write(row, splitter.at((double) start / total));
    }

    private void splitByNumber(List<Held> rows) {
        if (!request.getSplitInOrder()) {
            Collections.shuffle(rows, new Random(request.getSeed()));
        }
        List<SplitName> assigned = kind == DatasetKind.CLASSIFICATION && !request.getSplitInOrder()
                ? stratified(rows)
                : IntStream.range(0, rows.size())
                        .mapToObj(row -> splitter.ofRow(row, rows.size()))
                        .toList();
        for (int i = 0; i < rows.size(); i++) {
            write(rows.get(i), assigned.get(i));
        }
    }

    private List<SplitName> stratified(List<Held> rows) {
        Map<SplitName, Integer> sizes = splitter.sizes(rows.size());
        List<SplitName> assigned = new ArrayList<>(Collections.nCopies(rows.size(), SplitName.TRAIN));
        StratifiedSplit.assign(
                rows.size(),
                labels.size(),
                row -> Collections.binarySearch(labels, rows.get(row).example.label()),
                sizes.getOrDefault(SplitName.VALIDATION, 0),
                sizes.getOrDefault(SplitName.TEST, 0),
                assigned::set);
        return assigned;
    }

    /** Removes rows until every class has as many as the smallest one. */
    private List<Held> balanced(List<Held> rows) {
        Map<String, List<Held>> byLabel = new TreeMap<>();
        rows.forEach(row -> byLabel.computeIfAbsent(row.example.label(), label -> new ArrayList<>())
                .add(row));
        int smallest = byLabel.values().stream().mapToInt(List::size).min().orElse(0);
        Random random = new Random(request.getSeed());
        List<Held> drawn = new ArrayList<>();
        for (List<Held> ofLabel : byLabel.values()) {
            Collections.shuffle(ofLabel, random);
            drawn.addAll(ofLabel.subList(0, smallest));
        }
        return drawn;
    }

    private void write(Held row, SplitName split) {
        String label = row.example.label();
        int id = label == null ? 0 : Collections.binarySearch(labels, label);
        writers.get(row.source).get(split).add(row.example, id);
        if (kind != DatasetKind.PRETRAINING) {
            overlap.add(row.example, split, fileNames.get(row.source), row.line);
        }
        if (label != null) {
            rowsPerLabel.computeIfAbsent(split, key -> new HashMap<>()).merge(label, 1L, Long::sum);
        }
    }
}
