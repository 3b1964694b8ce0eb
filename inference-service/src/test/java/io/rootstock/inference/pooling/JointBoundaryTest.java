package io.rootstock.inference.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.engine.scoring.ScoringRequest.Text;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The tokenizer of these tests takes the longest of its pieces at each place; a token's id is its piece's index. */
class JointBoundaryTest {
    private static final List<String> PIECES =
            List.of("<bos>", "a", "b", "c", "d", " ", "\n", "\u00a0", "ab", "bc", "abc", " d", "cd");
    private static final int PREFIX = 0;

    private static int[] withBos(String text) {
        return IntStream.concat(IntStream.of(PREFIX), IntStream.of(tokens(text)))
                .toArray();
    }

    private static int[] tokens(String text) {
        IntStream.Builder tokens = IntStream.builder();
        for (int place = 0; place < text.length(); ) {
            int longest = -1;
            for (int piece = 1; piece < PIECES.size(); piece++) {
                boolean longer = longest < 0
                        || PIECES.get(piece).length() > PIECES.get(longest).length();
                if (longer && text.startsWith(PIECES.get(piece), place)) {
                    longest = piece;
                }
            }
            tokens.add(longest);
            place += PIECES.get(longest).length();
        }
        return tokens.build().toArray();
    }

    /** The tokens before the boundary and those after it, divided by a bar. */
    private static String divided(Function<String, int[]> tokenizer, String prompt, String continuation) {
        JointBoundary boundary = new JointBoundary(tokenizer, PREFIX, prompt);
        Text text = boundary.with(continuation).orElseThrow();
        int[] whole = Arrays.copyOf(boundary.tokens(), text.length());
        System.arraycopy(text.rest(), 0, whole, text.kept(), text.rest().length);
        StringBuilder divided = new StringBuilder();
        for (int place = 0; place < whole.length; place++) {
            divided.append(place == whole.length - text.scored() ? "|" : place == 0 ? "" : ",")
                    .append(PIECES.get(whole[place]));
        }
        return divided.toString();
    }

    @Test
    void aBoundaryBetweenTokensDividesThem() {
        assertThat(divided(JointBoundaryTest::tokens, "a", "d")).isEqualTo("a|d");
        assertThat(divided(JointBoundaryTest::withBos, "a", "d")).isEqualTo("<bos>,a|d");
        assertThat(divided(JointBoundaryTest::withBos, "", "ab")).isEqualTo("<bos>|ab");
        assertThat(divided(JointBoundaryTest::tokens, "", "ab")).isEqualTo("<bos>|ab");
    }

    @Test
    void whiteSpaceAtTheEndOfThePromptBelongsToTheContinuation() {
        assertThat(divided(JointBoundaryTest::tokens, "a ", "d")).isEqualTo("a| d");
        assertThat(divided(JointBoundaryTest::tokens, "a \n", "d")).isEqualTo("a| ,\n,d");
        assertThat(divided(JointBoundaryTest::tokens, "a\u00a0", "d")).isEqualTo("a|\u00a0,d");
        assertThat(divided(JointBoundaryTest::withBos, " ", "d")).isEqualTo("<bos>| d");
    }

    @Test
    void aTokenThatSpansTheEndOfThePromptCountsToThePrompt() {
        assertThat(divided(JointBoundaryTest::tokens, "a", "bcd")).isEqualTo("abc|d");
        assertThat(divided(JointBoundaryTest::tokens, "ada", "bcd")).isEqualTo("a,d,abc|d");
    }

    @Test
    void theLastTokenIsScoredWhereTheCutLeavesNone() {
        assertThat(divided(JointBoundaryTest::tokens, "da", "bc")).isEqualTo("d|abc");
        assertThat(divided(JointBoundaryTest::withBos, "a", "b")).isEqualTo("<bos>|ab");
        // Three tokens become two.
        assertThat(divided(JointBoundaryTest::tokens, "dabd", "")).isEqualTo("d,ab|d");
    }

    @Test
    void thePrefixPrecedesScoredTokensThatHaveNoOtherBeforeThem() {
        assertThat(divided(JointBoundaryTest::tokens, "a", "b")).isEqualTo("<bos>|ab");
        assertThat(divided(JointBoundaryTest::tokens, " ", "d")).isEqualTo("<bos>| d");
        assertThat(divided(JointBoundaryTest::tokens, "", "da")).isEqualTo("<bos>|d,a");
    }

    @Test
    void aTextWithoutTokensHasNoBoundary() {
        assertThat(new JointBoundary(JointBoundaryTest::tokens, PREFIX, "").with(""))
                .isEmpty();
    }
}
