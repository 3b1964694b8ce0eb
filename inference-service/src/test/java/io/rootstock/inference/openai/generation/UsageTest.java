package io.rootstock.inference.openai.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.v1.Finish;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {
    private static Finish finish(int prompt, int made) {
        return Finish.newBuilder()
                .setPromptTokens(prompt)
                .setCachedTokens(prompt - 1)
                .setCompletionTokens(made)
                .build();
    }

    @Test
    void usageCountsEachPromptOnce() {
        Finish first = finish(10, 3);
        Usage usage = Usage.of(List.of(List.of(first, first), List.of(finish(5, 1))));
        assertThat(usage).isEqualTo(new Usage(15, 7, 22, new Usage.PromptDetails(13)));
    }
}
