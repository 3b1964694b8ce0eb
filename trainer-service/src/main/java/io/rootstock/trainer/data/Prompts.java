package io.rootstock.trainer.data;

import io.rootstock.dataset.DatasetKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Prompts for sample generations, taken from held-out data. Equal data gives equal prompts. */
public final class Prompts {
    private Prompts() {}

    /**
     * Returns prompts from all sources in turn, at evenly spaced positions of each source: windows of documents, or the
     * tokens before the answer of instruction rows.
     *
     * @param count number of prompts; an empty corpus gives none
     * @param stretch tokens of a window
     * @param most maximum tokens of a question; only its last tokens are kept
     */
    public static List<int[]> of(Corpus corpus, int count, int stretch, int most) {
        List<Corpus.Part> parts = corpus.parts();
        boolean documents = Rows.ofKind(corpus, DatasetKind.PRETRAINING);
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < count && !parts.isEmpty(); i++) {
            Corpus.Part part = parts.get(i % parts.size());
            int turn = i / parts.size();
            double share = (double) turn / Math.ceilDiv(count, parts.size());
            prompts.add(documents ? stretch(part, share, stretch) : question(part, share, most));
        }
        return prompts;
    }

    private static int[] stretch(Corpus.Part part, double share, int length) {
        TokenStream stream = new TokenStream(part.shards());
        int[] tokens = new int[(int) Math.min(length, stream.tokens())];
        stream.copy((long) (share * stream.tokens()), tokens, 0, tokens.length);
        return tokens;
    }

    private static int[] question(Corpus.Part part, double share, int most) {
        RowTable table = new RowTable(part.shards());
        Rows.Address address = table.address((long) (share * table.rows()));
        int[] row = address.shard().row(address.row());
        byte[] mask = address.shard().mask(address.row());
        int answer = 0;
        while (answer < row.length && mask[answer] == 0) {
            answer++;
        }
        return Arrays.copyOfRange(row, Math.max(0, answer - most), answer);
    }
}
