package io.rootstock.trainer.engine;

import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring positions of all rows and heads, whose queries lie together: block by block, in each by row and shared key,
 * then by position, then by the G heads that share the key. A block's queries meet the keys up to its end alone, which
 * leaves out most of the future, and one group's are one matrix.
 *
 * @param first its first position
 * @param end the one after its last
 * @param groups rows of the batch times shared keys
 * @param members G, heads to a shared key
 */
record QueryBlock(int first, int end, int groups, int members) {
    /** Positions, at most. Of 64, 128 and 256 the fastest in bfloat16, and about the fastest in float32 (0103). */
    static final int POSITIONS = 128;

    /** The blocks of all positions. */
    static List<QueryBlock> all(int length, int groups, int members) {
        List<QueryBlock> blocks = new ArrayList<>();
        for (int first = 0; first < length; first += POSITIONS) {
            blocks.add(of(first, length, groups, members));
        }
        return blocks;
    }

    /** The block of a position. */
    static QueryBlock of(int position, int length, int groups, int members) {
        int first = position / POSITIONS * POSITIONS;
        return new QueryBlock(first, Math.min(first + POSITIONS, length), groups, members);
    }

    /** Queries of one group. */
    int groupRows() {
        return (end - first) * members;
    }

    /** Queries of all groups. */
    int rows() {
        return groups * groupRows();
    }

    /** Queries before the block's. */
    long before() {
        return (long) first * groups * members;
    }

    /** Scores of all blocks up to this one's end. */
    long scoresUpToEnd() {
        return scoresBefore() + (long) rows() * end;
    }

    /** Block b has (b + 1) times the first one's. */
    private long scoresBefore() {
        return (long) groups * members * first * (first + POSITIONS) / 2;
    }

    /** Its scores, of all blocks' one behind the other: [n,R,E]. */
    Tensor scores(Tensor all) {
        return all.slice(scoresBefore(), groups, groupRows(), end);
    }

    /** Which query, counted from the first block's first, this head's of a position is. */
    long query(int group, int member, int position) {
        return before() + ((long) group * (end - first) + position - first) * members + member;
    }

    /** The position of one of its queries. */
    int position(int row) {
        return first + row % groupRows() / members;
    }

    /** What belongs to its queries, of a matrix with a row for each query: [n,R,d]. */
    Tensor of(Tensor queries) {
        long width = queries.sizes()[1];
        return queries.slice(before() * width, groups, groupRows(), width);
    }

    /** Keys or values [n,L,d] up to its end: [n,E,d]. */
    Tensor past(Tensor keys) {
        long[] sizes = keys.sizes();
        return keys.strided(0, new long[] {sizes[0], end, sizes[2]}, new long[] {sizes[1] * sizes[2], sizes[2], 1});
    }
}
