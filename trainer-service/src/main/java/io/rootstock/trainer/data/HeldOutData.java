package io.rootstock.trainer.data;

import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A validation or test split in a fixed order. Batches are created lazily. */
public final class HeldOutData {
    /**
     * Limits the memory of an evaluation to that needed by a training step; 8,192 tokens used 100 MB more with the
     * demo's model.
     */
    public static final int MAX_BATCH_TOKENS = 2048;

    private final List<Window> windows;
    private final List<Rows.Address> rows;
    private final int context;
    private final int padding;
    private final double share;
    private final Objective objective;

    /**
     * A window of a token stream.
     *
     * @param start index of its first input token
     * @param predictions predicted tokens, at most the context length
     */
    private record Window(TokenStream stream, long start, int predictions) {}

    private HeldOutData(
            List<Window> windows,
            List<Rows.Address> rows,
            int context,
            int padding,
            double share,
            Objective objective) {
        this.windows = windows;
        this.rows = rows;
        this.context = context;
        this.padding = padding;
        this.share = share;
        this.objective = objective;
    }

    /**
     * Windows of documents, each at most as long as the context; every token except the first of each source is
     * predicted exactly once.
     *
     * @param mostWindows number of windows to keep, evenly spaced; {@link Integer#MAX_VALUE} keeps all
     */
    public static HeldOutData documents(Corpus corpus, int context, int padding, int mostWindows) {
        List<Window> all = new ArrayList<>();
        for (Corpus.Part part : corpus.parts()) {
            TokenStream stream = new TokenStream(part.shards());
            for (long start = 0; start + 1 < stream.tokens(); start += context) {
                all.add(new Window(stream, start, (int) Math.min(context, stream.tokens() - 1 - start)));
            }
        }
        List<Window> kept = spread(all, mostWindows);
        double share = (double) predictions(kept) / Math.max(1, predictions(all));
        return new HeldOutData(kept, List.of(), context, padding, share, Objective.PLAIN);
    }

    /**
     * Instruction rows, labelled rows or preference pairs, sorted by length to reduce padding.
     *
     * @param mostRows number of rows to keep, evenly spaced; {@link Integer#MAX_VALUE} keeps all
     * @param objective label loss, reference model and beta
     */
    public static HeldOutData rows(Corpus corpus, int padding, int mostRows, Objective objective) {
        List<Rows.Address> kept = Rows.spread(corpus, mostRows);
        kept.sort(Comparator.comparingInt(Rows.Address::length));
        double share = (double) kept.size() / Math.max(1, corpus.rows());
        return new HeldOutData(List.of(), kept, 0, padding, share, objective);
    }

    /** Share of the split's predictions or rows that are kept, 0 to 1. */
    public double share() {
        return share;
    }

    /** Whether the split has no rows to evaluate. */
    public boolean isEmpty() {
        return windows.isEmpty() && rows.isEmpty();
    }

    public Stream<Batch> batches() {
        return windows.isEmpty()
                ? groups(rows).stream().map(group -> Rows.batch(group, padding, objective))
                : chunks(windows, Math.max(1, MAX_BATCH_TOKENS / context)).stream()
                        .map(this::batch);
    }

    private Batch batch(List<Window> group) {
        int length = group.stream().mapToInt(Window::predictions).max().orElseThrow();
        int[] tokens = new int[group.size() * length];
        int[] targets = new int[group.size() * length];
        int[] sequence = new int[length + 1];
        for (int row = 0; row < group.size(); row++) {
            Window window = group.get(row);
            int known = window.predictions();
            window.stream().copy(window.start(), sequence, 0, known + 1);
            for (int position = 0; position < length; position++) {
                tokens[row * length + position] = position < known ? sequence[position] : padding;
                targets[row * length + position] = position < known ? sequence[position + 1] : LanguageBatch.NO_LOSS;
            }
        }
        return new LanguageBatch(group.size(), length, tokens, targets);
    }

    private static List<List<Rows.Address>> groups(List<Rows.Address> sorted) {
        List<List<Rows.Address>> groups = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            boolean full = i < sorted.size() && (i + 1 - from) * sorted.get(i).length() > MAX_BATCH_TOKENS;
            if (i == sorted.size() || full) {
                groups.add(sorted.subList(from, i));
                from = i;
            }
        }
        return groups;
    }

    private static <T> List<List<T>> chunks(List<T> all, int size) {
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            chunks.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return chunks;
    }

    private static <T> List<T> spread(List<T> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        List<T> kept = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            kept.add(all.get((int) ((long) i * all.size() / most)));
        }
        return kept;
    }

    private static long predictions(List<Window> windows) {
        return windows.stream().mapToLong(Window::predictions).sum();
    }
}
