package io.rootstock.checkpoint.tokenizer;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.sentencepiece.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Scores of tokens with which llama.cpp merges as a tokenizer's files state. llama.cpp merges any two tokens whose texts
 * together are a token of any type; a vocabulary in which this makes a difference is rejected.
 */
final class PieceScores {
    /** Bounds the time of the comparison, which grows with the square of a token's length. */
    private static final int MAX_CHARACTERS = 256;

    private final Path file;
    private final List<Piece> pieces;

    /** Symbols by their text: tokens by their id, then characters without a token. */
    private final Map<String, Integer> symbols = new HashMap<>();

    /** Characters of each token as symbols, by id. */
    private final int[][] characters;

    /**
     * @param file file of the tokenizer, for errors
     * @param pieces all tokens in id order
     * @throws InvalidCheckpointException if a token has more than 256 characters
     */
    PieceScores(Path file, List<Piece> pieces) {
        this.file = file;
        this.pieces = pieces;
        for (int id = 0; id < pieces.size(); id++) {
            String text = pieces.get(id).text();
            if (text.length() > MAX_CHARACTERS) {
                throw new InvalidCheckpointException(file + ": the token " + id + " has " + text.length()
                        + " characters; SentencePiece tokens have at most " + MAX_CHARACTERS);
            }
            symbols.put(text, id);
        }
        this.characters = pieces.stream()
                .map(piece -> piece.text()
                        .codePoints()
                        .map(character -> symbols.computeIfAbsent(Character.toString(character), _ -> symbols.size()))
                        .toArray())
                .toArray(int[][]::new);
    }

    /**
     * Returns the pieces with scores that merge as a list of merges does: minus the rank of the only merge that ever makes
     * the token. The scores that the pieces have are not read.
     *
     * @param merges merges in rank order, {@code "left right"}
     * @throws InvalidCheckpointException if no scores merge alike; with the token
     */
    List<Piece> ofMerges(List<String> merges) {
        PieceMerging listed = new PieceMerging();
        for (int rank = 0; rank < merges.size(); rank++) {
            String merge = merges.get(rank);
            int blank = merge.indexOf(' ');
            String left = merge.substring(0, blank);
            String right = merge.substring(blank + 1);
            listed.add(symbols.get(left), symbols.get(right), rank, symbols.get(left + right));
        }
        int[] joins = joins(listed);
        List<Piece> scored = new ArrayList<>(joins.length);
        for (int id = 0; id < joins.length; id++) {
            Piece piece = pieces.get(id);
            int rank = joins[id] > 0
                    ? listed.rank(
                            symbols.get(side(id, 0, joins[id])),
                            symbols.get(side(id, joins[id], characters[id].length)))
                    : merges.size();
            scored.add(new Piece(piece.text(), -rank, piece.type()));
        }
        require(joins, joins(ofScores(scored, piece -> true)), "model.merges");
        return scored;
    }

    /**
     * Rejects pieces that llama.cpp merges in another way than SentencePiece, which never makes a token that is not a
     * normal one.
     *
     * @throws InvalidCheckpointException with the token
     */
    void requireServed() {
        int[] joins = joins(ofScores(pieces, piece -> piece.type() == Piece.Type.NORMAL));
        require(joins, joins(ofScores(pieces, piece -> true)), "the scores");
    }

    /** Returns the merges of all pairs of symbols whose texts together are one of the tokens. */
    private PieceMerging ofScores(List<Piece> scored, Predicate<Piece> merges) {
        double[] scores =
                scored.stream().mapToDouble(Piece::score).distinct().sorted().toArray();
        PieceMerging merging = new PieceMerging();
        for (int id = 0; id < scored.size(); id++) {
            if (merges.test(scored.get(id))) {
                int rank = scores.length
                        - 1
                        - Arrays.binarySearch(scores, scored.get(id).score());
                String text = scored.get(id).text();
                for (int at = text.offsetByCodePoints(0, 1); at < text.length(); at = text.offsetByCodePoints(at, 1)) {
                    Integer left = symbols.get(text.substring(0, at));
                    Integer right = symbols.get(text.substring(at));
                    if (left != null && right != null) {
                        merging.add(left, right, rank, id);
                    }
                }
            }
        }
        return merging;
    }

    private int[] joins(PieceMerging merging) {
        return Arrays.stream(characters).mapToInt(merging::lastJoin).toArray();
    }

    private void require(int[] joins, int[] served, String source) {
        for (int id = 0; id < joins.length; id++) {
            if (joins[id] != served[id]) {
                throw new InvalidCheckpointException(file + ": " + source + " make the token " + id + " '"
                        + pieces.get(id).text() + "' of " + sides(id, joins[id])
                        + ", and llama.cpp, which merges any two tokens whose texts together are a token, of "
                        + sides(id, served[id])
                        + "; such a vocabulary would be served with other tokens and is not supported");
            }
        }
    }

    private String sides(int id, int join) {
        return join <= 0
                ? "no other tokens"
                : "'" + side(id, 0, join) + "' and '" + side(id, join, characters[id].length) + "'";
    }

    /** Returns characters {@code [from, to)} of a token. */
    private String side(int id, int from, int to) {
        String text = pieces.get(id).text();
        return text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to));
    }
}
