package io.rootstock.trainer.data;

import io.rootstock.dataset.Shard;
import java.util.List;

/** The concatenated tokens of a source's shards, read without copying the shards. */
final class TokenStream {
    private final List<Shard> shards;
    private final long[] starts;
    private final long tokens;

    TokenStream(List<Shard> shards) {
        this.shards = List.copyOf(shards);
        this.starts = new long[shards.size()];
        long sum = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = sum;
            sum += shards.get(i).tokens();
        }
        this.tokens = sum;
    }

    long tokens() {
        return tokens;
    }

    /** Copies {@code count} tokens from {@code position}; after the last token it continues with the first. */
    void copy(long position, int[] destination, int at, int count) {
        long from = position % tokens;
        int done = 0;
        while (done < count) {
            int shard = shardAt(from);
            long inside = from - starts[shard];
            int length = (int) Math.min(count - done, shards.get(shard).tokens() - inside);
            shards.get(shard).copyTokens(inside, destination, at + done, length);
            done += length;
            from = (from + length) % tokens;
        }
    }

    private int shardAt(long position) {
        int low = 0;
        int high = starts.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        while (shards.get(low).tokens() == 0) {
            low--;
        }
        return low;
    }
}
