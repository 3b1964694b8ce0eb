package io.rootstock.tokenizer.split;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest.Split;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.split.RowSpool.Spooled;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Distributes the examples of a dataset to splits.
 *
 * <p>Documents of a shuffled pre-training mixture go to their shards at once. Labelled rows, instruction rows, and
 * documents of an ordered split wait in a {@link RowSpool} until all are read, because their split depends on their number.
 * No split is in memory: it holds at most 40 bytes of each waiting row, and one unfinished shard of each split.
 */
public final class SplitDataset implements AutoCloseable {
    private static final byte DROPPED = -1;
    private static final List<SplitName> SPLITS = List.of(SplitName.values());

    private final PrepareDatasetRequest request;
    private final DatasetKind kind;
    private final Splitter splitter;
    private final ExampleCutter cutter;
    private final SourceShards shards;
    private final RowSpool spool;
    private final boolean streaming;

    /** First waiting row of each source, and the end [sources + 1]. */
    private final int[] firstRows;

    /** Bytes of text of each source [sources]. */
    private final long[] bytes;

    private final List<String> fileNames;
    private final LabelIds labelIds;
    private final Map<SplitName, Map<Integer, Long>> rowsPerLabel = new EnumMap<>(SplitName.class);
    private byte[] splitOf = new byte[0];
    private Optional<SplitOverlap> overlap = Optional.empty();
    private int source;
    private long documents;

    /**
     * @param fileNames file names of the sources, in order
     * @param folder folder for the temporary file of waiting rows
     */
    public SplitDataset(
            PrepareDatasetRequest request,
            DatasetKind kind,
            Tokenizer tokenizer,
            ArtifactStore store,
            List<String> fileNames,
            Path folder) {
        this.request = request;
        this.kind = kind;
        this.fileNames = List.copyOf(fileNames);
        splitter = Splitter.of(request);
        cutter = new ExampleCutter(tokenizer);
        streaming = kind == DatasetKind.PRETRAINING && !request.getSplitInOrder();
        firstRows = new int[request.getSourcesCount() + 1];
        bytes = new long[request.getSourcesCount()];
        labelIds = new LabelIds();
        shards = new SourceShards(
                request.getSourcesCount(), () -> new SplitWriter(kind, tokenizer, store, request.getValidateOnly()));
        spool = new RowSpool(folder);
    }

    /** Adds the next example of a source, with its line in the file; sources come in order. */
    public void add(int ofSource, long line, Example example) {
        if (streaming) {
            shards.add(ofSource, fixedSplit(ofSource).orElseGet(() -> splitter.ofDocument(documents++)), example, 0);
            return;
        }
        while (source < ofSource) {
            firstRows[++source] = spool.size();
        }
        int label = example.label() == null ? 0 : labelIds.add(example.label(), fileNames.get(ofSource), line);
        spool.add(line, label, example);
        bytes[ofSource] += example.bytes();
    }

    /** Assigns the waiting rows to splits, and finishes all shards. */
    public void finish() {
        labelIds.finish();
        spool.finish();
        while (source < request.getSourcesCount()) {
            firstRows[++source] = spool.size();
        }
        if (kind == DatasetKind.PRETRAINING) {
            for (int i = 0; i < request.getSourcesCount(); i++) {
                writeInOrder(i);
            }
        } else {
            writeByNumber();
            SplitOverlap duplicates = new SplitOverlap(
                    spool,
                    row -> splitOf[row] == DROPPED ? null : SPLITS.get(splitOf[row]),
                    row -> fileNames.get(sourceOf(row)));
            duplicates.find();
            overlap = Optional.of(duplicates);
        }
        shards.finish();
    }

    /** Class labels in id order. */
    public List<String> labels() {
        return labelIds.labels();
    }

    /** Returns the splits of each source, after {@link #finish}. */
    public List<Map<SplitName, Split>> splits() {
        return shards.splits();
    }

    /** Returns the number of tokens of a source's training text, whose size is {@link Split#bytes}. */
    public long textTokens(int ofSource) {
        return shards.textTokens(ofSource);
    }

    /** Returns the rows that are in two splits; empty for pre-training. */
    public Optional<SplitOverlap> overlap() {
        return overlap;
    }

    /** Returns the number of rows of each class of a split, in label order. */
    public List<Long> rowsPerLabel(SplitName split) {
        Map<Integer, Long> counts = rowsPerLabel.getOrDefault(split, Map.of());
        return IntStream.range(0, labels().size())
                .mapToObj(label -> counts.getOrDefault(label, 0L))
                .toList();
    }

    /** Whether rows that are not of a fixed split are assigned to this one. */
    public boolean assigns(SplitName split) {
        return splitter.share(split) > 1e-9
                && request.getSourcesList().stream()
                        .anyMatch(declared -> declared.getSplit().isEmpty());
    }

    @Override
    public void close() {
        spool.close();
    }

    private Optional<SplitName> fixedSplit(int ofSource) {
        return SplitName.of(request.getSources(ofSource).getSplit());
    }

    private int sourceOf(int row) {
        int found = 0;
        while (firstRows[found + 1] <= row) {
            found++;
        }
        return found;
    }

    /** Splits a source in order: positions are in bytes of text, and a document across a boundary is cut. */
    private void writeInOrder(int ofSource) {
        Optional<SplitName> fixed = fixedSplit(ofSource);
        long start = 0;
        for (int row = firstRows[ofSource]; row < firstRows[ofSource + 1]; row++) {
            Example example = spool.read(row).example();
            if (fixed.isPresent()) {
                shards.add(ofSource, fixed.get(), example, 0);
            } else {
                writeInOrder(ofSource, example, start, bytes[ofSource]);
            }
            start += example.bytes();
        }
    }

    private void writeInOrder(int ofSource, Example example, long start, long total) {
        long end = start + example.bytes();
        for (double border : splitter.borders()) {
            long at = (long) Math.ceil(border * total);
            if (at > start && at < end) {
                Example[] parts = cutter.cut(example, at - start);
                if (parts[0].bytes() > 0) {
                    shards.add(ofSource, splitter.at((double) start / total), parts[0], 0);
                    // From the boundary itself, so that a token across it does not shift the rest.
                    writeInOrder(ofSource, parts[1], at, total);
                    return;
                }
            }
        }
        shards.add(ofSource, splitter.at((double) start / total), example, 0);
    }

    /** Splits by the number of rows: sources of a fixed split in order, the others together in the order of the seed. */
    private void writeByNumber() {
        splitOf = new byte[spool.size()];
        Arrays.fill(splitOf, DROPPED);
        int sources = request.getSourcesCount();
        int[] open = IntStream.range(0, sources)
                .filter(each -> fixedSplit(each).isEmpty())
                .flatMap(each -> IntStream.range(firstRows[each], firstRows[each + 1]))
                .toArray();
        if (request.getBalanceClasses()) {
            open = RowOrder.balanced(open, labels().size(), this::label, request.getSeed());
        }
        if (!request.getSplitInOrder()) {
            RowOrder.shuffle(open, 0, open.length, new Random(request.getSeed()));
        }
        assign(open);
        int[] rows = open;
        RowOrder.Groups bySource = RowOrder.group(rows.length, sources, i -> sourceOf(rows[i]));
        for (int each = 0; each < sources; each++) {
            Optional<SplitName> fixed = fixedSplit(each);
            if (fixed.isPresent()) {
                for (int row = firstRows[each]; row < firstRows[each + 1]; row++) {
                    splitOf[row] = code(fixed.get());
                    write(each, row);
                }
            }
            for (int i = bySource.starts()[each]; i < bySource.starts()[each + 1]; i++) {
                write(each, rows[bySource.positions()[i]]);
            }
        }
    }

    private void assign(int[] rows) {
        if (kind == DatasetKind.CLASSIFICATION && !request.getSplitInOrder()) {
            Map<SplitName, Integer> sizes = splitter.sizes(rows.length);
            StratifiedSplit.assign(
                    rows.length,
                    labels().size(),
                    i -> label(rows[i]),
                    sizes.getOrDefault(SplitName.VALIDATION, 0),
                    sizes.getOrDefault(SplitName.TEST, 0),
                    (i, split) -> splitOf[rows[i]] = code(split));
        } else {
            for (int i = 0; i < rows.length; i++) {
                splitOf[rows[i]] = code(splitter.ofRow(i, rows.length));
            }
        }
    }

    private static byte code(SplitName split) {
        return (byte) SPLITS.indexOf(split);
    }

    private int label(int row) {
        return labelIds.id(spool.label(row));
    }

    private void write(int ofSource, int row) {
        Spooled spooled = spool.read(row);
        SplitName split = SPLITS.get(splitOf[row]);
        int label = labels().isEmpty() ? 0 : label(row);
        shards.add(ofSource, split, spooled.example(), label);
        if (!labels().isEmpty()) {
            rowsPerLabel.computeIfAbsent(split, key -> new HashMap<>()).merge(label, 1L, Long::sum);
        }
    }

    /** Labels of a dataset and their ids: the first ids are in order of arrival, the final ones in order of the labels. */
    static final class LabelIds {
        /** Largest number of labels; more is a column of free text. */
        static final int MAX_LABELS = 1 << 16;

        private final Map<String, Integer> arrived = new TreeMap<>();
        private List<String> labels = List.of();
        private int[] ids = new int[0];

        /**
         * Returns the id by arrival of a label.
         *
         * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming file and line, if it is one label too many
         */
        int add(String label, String file, long line) {
            Integer known = arrived.get(label);
            if (known != null) {
                return known;
            }
            if (arrived.size() == MAX_LABELS) {
                throw Errors.invalidArgument(
                        "sources",
                        file + ":" + line + ": has label number " + (MAX_LABELS + 1) + ", the maximum is " + MAX_LABELS
                                + "; name the field of the labels, or reduce them");
            }
            arrived.put(label, arrived.size());
            return arrived.size() - 1;
        }

        /** Ends the adding. */
        void finish() {
            labels = List.copyOf(arrived.keySet());
            ids = new int[labels.size()];
            List<Integer> byLabel = new ArrayList<>(arrived.values());
            for (int id = 0; id < ids.length; id++) {
                ids[byLabel.get(id)] = id;
            }
        }

        /** Labels in order. */
        List<String> labels() {
            return labels;
        }

        /** Returns the final id of a label by its id by arrival. */
        int id(int byArrival) {
            return ids[byArrival];
        }
    }
}
