package io.rootstock.corpus.worker.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.Text;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitRuleTest {
    private static final SplitRule RULE = new SplitRule(7, 0.1, 0.05);
    private static final List<String> TEXTS =
            IntStream.range(0, 20_000).mapToObj(i -> "Document number " + i).toList();

    @Test
    void theFractionsAreMetOnManyDocuments() {
        assertThat(share(RULE, Split.VALIDATION)).isCloseTo(0.1, within(0.01));
        assertThat(share(RULE, Split.TEST)).isCloseTo(0.05, within(0.007));
        assertThat(share(new SplitRule(7, 0.5, 0.5), Split.TRAIN)).isZero();
        assertThat(share(new SplitRule(7, 0, 0), Split.TRAIN)).isEqualTo(1);
    }

    /** The definition in exact arithmetic: the first 53 bits of SHA-256(seed, text), divided by 2^53. */
    @Test
    void followsItsDefinition() throws NoSuchAlgorithmException {
        for (String text : TEXTS.subList(0, 2_000)) {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(new byte[] {0, 0, 0, 0, 0, 0, 0, 7});
            byte[] digest = hash.digest(text.getBytes(StandardCharsets.UTF_8));
            BigDecimal place = new BigDecimal(new BigInteger(1, digest).shiftRight(256 - 53))
                    .divide(new BigDecimal(BigInteger.ONE.shiftLeft(53)));
            Split expected = place.compareTo(new BigDecimal("0.1")) < 0
                    ? Split.VALIDATION
                    : place.compareTo(new BigDecimal("0.95")) >= 0 ? Split.TEST : Split.TRAIN;
            assertThat(split(RULE, text)).as(text).isEqualTo(expected);
        }
    }

    @Test
    void onlyTheTextAndTheSeedDecide() {
        Document here = new Document("a.jsonl:1", "https://example.org/1", "MIT", Text.of("One text."));
        Document there = new Document("b.jsonl:9", "", "", Text.of("One text."));
        assertThat(RULE.of(there)).isEqualTo(RULE.of(here));
        assertThat(TEXTS).anyMatch(text -> split(new SplitRule(8, 0.1, 0.05), text) != split(RULE, text));
    }

    @Test
    void aLargerFractionAddsDocumentsToItsSplitAndLeavesTheOther() {
        SplitRule larger = new SplitRule(7, 0.2, 0.05);
        for (String text : TEXTS) {
            Split before = split(RULE, text);
            Split after = split(larger, text);
            if (before != Split.TRAIN) {
                assertThat(after).isEqualTo(before);
            } else {
                assertThat(after).isIn(Split.TRAIN, Split.VALIDATION);
            }
        }
    }

    private static Split split(SplitRule rule, String text) {
        return rule.of(new Document("a", "", "", Text.of(text)));
    }

    private static double share(SplitRule rule, Split split) {
        return (double) TEXTS.stream()
                        .filter(text -> split(rule, text) == split)
                        .count()
                / TEXTS.size();
    }
}
