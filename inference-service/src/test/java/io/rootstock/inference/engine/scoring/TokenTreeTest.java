package io.rootstock.inference.engine.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenTreeTest {
    private static final ScoringJob JOB = new ScoringJob(new ScoringRequest(
            new int[0], List.of(new ScoringRequest.Text(0, new int[] {1, 2}, 1)), Optional.empty(), "", 0));

    private static PackedText text(int sequence, int scored, int... tokens) {
        return new PackedText(JOB, sequence, tokens, scored, sequence);
    }

    /** Inserts a text; returns the number of nodes that it added, which {@code missing} predicted. */
    private static int insert(TokenTree tree, PackedText text) {
        int missing = tree.missing(text.tokens(), text.outputsFrom());
        assertThat(tree.insert(text)).isEqualTo(missing);
        return missing;
    }

    @Test
    void tokensThatTextsBeginWithAreNodesOfSeveralSequences() {
        TokenTree tree = new TokenTree();
        assertThat(insert(tree, text(0, 2, 1, 2, 3, 4))).isEqualTo(3);
        assertThat(insert(tree, text(1, 2, 1, 2, 3, 5))).isZero();
        assertThat(insert(tree, text(2, 1, 1, 2, 6, 7))).isEqualTo(1);
        // Equal tokens after other tokens are other nodes.
        assertThat(insert(tree, text(3, 1, 2, 3, 4))).isEqualTo(2);
        assertThat(tree.nodes()).extracting(TokenTree.Node::token).containsExactly(1, 2, 3, 6, 2, 3);
        assertThat(tree.nodes()).extracting(TokenTree.Node::position).containsExactly(0, 1, 2, 2, 0, 1);
        assertThat(tree.nodes())
                .extracting(node -> Arrays.toString(node.sequences()))
                .containsExactly("[0, 1, 2]", "[0, 1, 2]", "[0, 1]", "[2]", "[3]", "[3]");
    }

    @Test
    void aNodeHasTheTextsThatNeedItsLogits() {
        TokenTree tree = new TokenTree();
        insert(tree, text(0, 2, 1, 2, 3, 4));
        insert(tree, text(1, 1, 1, 2, 3, 5));
        assertThat(tree.nodes().stream().map(node -> node.readers().size())).containsExactly(0, 1, 2);
        assertThat(tree.nodes().get(2).readers())
                .extracting(TokenTree.Reader::token)
                .containsExactly(3, 3);
    }

    @Test
    void keptTokensHaveNoNodesUnlessTheirLogitsAreNeeded() {
        TokenTree tree = new TokenTree(1, 2, 3);
        PackedText after = text(0, 1, 1, 2, 3, 4, 5);
        assertThat(tree.kept(after.tokens(), after.outputsFrom())).isEqualTo(3);
        assertThat(insert(tree, after)).isEqualTo(1);
        // Its first scored token follows from the logits after token 2.
        PackedText within = text(1, 3, 1, 2, 3, 4, 5);
        assertThat(tree.kept(within.tokens(), within.outputsFrom())).isEqualTo(1);
        assertThat(insert(tree, within)).isEqualTo(3);
        PackedText other = text(2, 1, 1, 9, 3, 4);
        assertThat(tree.kept(other.tokens(), other.outputsFrom())).isEqualTo(1);
        assertThat(insert(tree, other)).isEqualTo(2);
        assertThat(tree.nodes()).extracting(TokenTree.Node::position).containsExactly(3, 1, 2, 3, 1, 2);
    }
}
