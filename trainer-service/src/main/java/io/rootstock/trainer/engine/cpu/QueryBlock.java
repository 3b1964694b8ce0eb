package io.rootstock.trainer.engine.cpu;

import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A block of adjacent query positions of all rows and heads. Queries are stored block by block; within a block by batch row
 * and key-value head, then by position, then by the G query heads of the key-value head. The queries of a block are
 * multiplied with the keys up to the block's end, which skips most masked scores, and those of one group form one matrix.
 *
 * @param first first position
 * @param end position after the last
 * @param groups batch rows times key-value heads, n = B*K
 * @param members query heads per key-value head, G = H/K
 */
record QueryBlock(int first, int end, int groups, int members) {
    /** Maximum positions of a block: of 64, 128 and 256 the fastest in bfloat16, near it in float32 (decision 0103). */
    static final int POSITIONS = 128;

    /** The blocks of rows of this length. */
    static List<QueryBlock> all(int length, int groups, int members) {
        List<QueryBlock> blocks = new ArrayList<>();
        for (int first = 0; first < length; first += POSITIONS) {
            blocks.add(of(first, length, groups, members));
        }
        return blocks;
    }

    /** The block that contains a position. */
    static QueryBlock of(int position, int length, int groups, int members) {
        int first = position / POSITIONS * POSITIONS;
        return new QueryBlock(first, Math.min(first + POSITIONS, length), groups, members);
    }

    /** Queries of one group, R. */
    int groupRows() {
        return (end - first) * members;
    }

    /** Queries of all groups. */
    int rows() {
        return groups * groupRows();
    }

    /** Number of queries in earlier blocks. */
    long before() {
        return (long) first * groups * members;
    }

    /** Number of scores of all blocks up to and including this one. */
    long scoresUpToEnd() {
        return scoresBefore() + (long) rows() * end;
    }

    /** Number of scores of earlier blocks; block b has b + 1 times the scores of block 0. */
    private long scoresBefore() {
        return (long) groups * members * first * (first + POSITIONS) / 2;
    }

    /** View of this block's scores [n,R,E] in a flat tensor of the scores of all blocks. */
    Tensor scores(Tensor all) {
        return all.slice(scoresBefore(), groups, groupRows(), end);
    }

    /** Index of a query among all queries of all blocks. */
    long query(int group, int member, int position) {
        return before() + ((long) group * (end - first) + position - first) * members + member;
    }

    /** Position of a query of this block, by its index within the block. */
    int position(int row) {
        return first + row % groupRows() / members;
    }

    /** View [n,R,d] of this block in a tensor with a row for each query [BHL,d]. */
    Tensor of(Tensor queries) {
        long width = queries.sizes()[1];
        return queries.slice(before() * width, groups, groupRows(), width);
    }

    /** View [n,E,d] of keys or values [n,L,d] up to the end of this block. */
    Tensor past(Tensor keys) {
        long[] sizes = keys.sizes();
        return keys.strided(0, new long[] {sizes[0], end, sizes[2]}, new long[] {sizes[1] * sizes[2], sizes[2], 1});
    }
}
