package io.rootstock.trainer.data;

import io.rootstock.dataset.Shard;
import java.util.List;

/** Maps row numbers of a source to a shard and a row in this shard. */
final class RowTable {
    private final List<Shard> shards;
    private final long[] starts;
    private final long rows;

    RowTable(List<Shard> shards) {
        this.shards = List.copyOf(shards);
        this.starts = new long[shards.size()];
        long sum = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = sum;
            sum += shards.get(i).rows();
        }
        this.rows = sum;
    }

    long rows() {
        return rows;
    }

    Rows.Address address(long row) {
        int shard = starts.length - 1;
        while (starts[shard] > row) {
            shard--;
        }
        return new Rows.Address(shards.get(shard), row - starts[shard]);
    }

    int longest() {
        int longest = 0;
        for (Shard shard : shards) {
            for (long row = 0; row < shard.rows(); row++) {
                longest = Math.max(longest, (int) (shard.offset(row + 1) - shard.offset(row)));
            }
        }
        return longest;
    }
}
