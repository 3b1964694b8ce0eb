package io.rootstock.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.evaluation.task.request.ChatGenerateRequest;
import io.rootstock.evaluation.task.request.ChatLoglikelihoodRequest;
import io.rootstock.evaluation.task.request.ChatMessage;
import io.rootstock.evaluation.task.request.LoglikelihoodRequest;
import io.rootstock.evaluation.task.request.Request;
import io.rootstock.evaluation.task.request.RollingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContinuationGroupsTest {
    @Test
    void continuationsOfAContextAreOneCall() {
        List<ContinuationGroups.Group> groups = ContinuationGroups.of(List.of(
                new LoglikelihoodRequest("Q", " a"),
                new LoglikelihoodRequest("", " a"),
                new RollingRequest("text"),
                new LoglikelihoodRequest("Q", " b"),
                new LoglikelihoodRequest("", " b")));
        assertThat(groups)
                .containsExactly(
                        new ContinuationGroups.Group(text("Q"), List.of(0, 3), List.of(" a", " b")),
                        new ContinuationGroups.Group(text(""), List.of(1, 4), List.of(" a", " b")));
    }

    private static ContinuationGroups.Context text(String text) {
        return new ContinuationGroups.Context.OfText(text);
    }

    @Test
    void conversationsAreContextsOfTheirOwn() {
        List<ChatMessage> messages = List.of(new ChatMessage("user", "Q"));
        assertThat(ContinuationGroups.of(List.of(
                        new LoglikelihoodRequest("Q", "a"),
                        new ChatLoglikelihoodRequest(messages, "a"),
                        new ChatGenerateRequest(messages, List.of(), 1),
                        new ChatLoglikelihoodRequest(messages, "b"))))
                .containsExactly(
                        new ContinuationGroups.Group(text("Q"), List.of(0), List.of("a")),
                        new ContinuationGroups.Group(
                                new ContinuationGroups.Context.OfMessages(messages), List.of(1, 3), List.of("a", "b")));
    }

    @Test
    void aCallHasAtMostItsBytesAndContinuations() {
        List<Request> requests = new ArrayList<>();
        IntStream.range(0, 100).forEach(i -> requests.add(new LoglikelihoodRequest("Q", "\ud55c".repeat(400))));
        List<ContinuationGroups.Group> groups = ContinuationGroups.of(requests);
        assertThat(groups).hasSize(3);
        for (ContinuationGroups.Group group : groups) {
            assertThat(group.indices().size() * 1200).isLessThan(ContinuationGroups.MAX_BYTES);
        }
        assertThat(groups.stream().flatMap(group -> group.indices().stream()))
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());

        requests.clear();
        IntStream.range(0, 1001).forEach(i -> requests.add(new LoglikelihoodRequest("Q", "a")));
        assertThat(ContinuationGroups.of(requests)).hasSize(2);
    }

    @Test
    void aContinuationBeyondTheLimitIsACallOfItsOwn() {
        String large = "x".repeat(ContinuationGroups.MAX_BYTES);
        assertThat(ContinuationGroups.of(
                        List.of(new LoglikelihoodRequest(large, "a"), new LoglikelihoodRequest(large, "b"))))
                .hasSize(2);
    }
}
