package io.rootstock.trainer.data;

import io.rootstock.dataset.DatasetKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Beginnings for a model to go on from, taken from held-out data: always the same of the same data. */
public final class Prompts {
    private Prompts() {}

    /**
     * Prompts from all sources in turn, evenly spread over each: of documents a stretch, of instruction rows what comes
     * before the answer.
     *
     * @param count prompts; none where there is no data
     * @param stretch tokens of a stretch
     * @param most tokens of a question, of which the end is taken
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
