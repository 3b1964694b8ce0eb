package io.rootstock.inference.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopMatcherTest {
    @Test
    void aStopStringAcrossPiecesEndsTheTextBeforeIt() {
        StopMatcher matcher = new StopMatcher(List.of("</end>"));
        assertThat(matcher.push("text <")).isEqualTo("text ");
        assertThat(matcher.push("/en")).isEmpty();
        assertThat(matcher.met()).isFalse();
        assertThat(matcher.push("d> more")).isEmpty();
        assertThat(matcher.met()).isTrue();
        assertThat(matcher.rest()).isEmpty();
    }

    @Test
    void aPrefixOfAStopStringIsReleasedIfTheTextDiffers() {
        StopMatcher matcher = new StopMatcher(List.of("aab"));
        assertThat(matcher.push("aaa")).isEqualTo("a");
        assertThat(matcher.push("c")).isEqualTo("aac");
        assertThat(matcher.push("a")).isEmpty();
        assertThat(matcher.rest()).isEqualTo("a");
    }

    @Test
    void theEarliestStopStringMatches() {
        StopMatcher matcher = new StopMatcher(List.of("three", "two"));
        assertThat(matcher.push("one two three")).isEqualTo("one ");
        assertThat(matcher.met()).isTrue();
    }

    @Test
    void withoutStopStringsNothingIsHeldBack() {
        assertThat(new StopMatcher(List.of()).push("abc")).isEqualTo("abc");
    }
}
