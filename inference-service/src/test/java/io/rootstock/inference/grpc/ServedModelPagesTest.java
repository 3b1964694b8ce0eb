package io.rootstock.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.inference.serving.AliasStatus;
import io.rootstock.inference.serving.AliasStatus.State;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ListServedModelsResponse;
import io.rootstock.inference.v1.ServedModel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServedModelPagesTest {
    private static final String CHAT = "models/chat/aliases/production";
    private static final String SPAM = "models/spam/aliases/production";
    private static final String TEST = "models/chat/aliases/test";

    private static final List<AliasStatus> SERVED = List.of(
            status(SPAM, "models/spam/versions/1", "classifier", State.READY, 7),
            status(TEST, "", "", State.LOADING, 0),
            status(CHAT, "models/chat/versions/2", "instruct", State.READY, 3));

    @Test
    void modelsAreFiltered() {
        assertThat(aliases(list(request().setFilter("state = READY AND version = \"models/chat/*\""))))
                .containsExactly(CHAT);
        assertThat(aliases(list(request().setFilter("queued_requests >= 3")))).containsExactly(CHAT, SPAM);
        assertThat(aliases(list(request().setFilter("version = \"\"")))).containsExactly(TEST);
        assertThatThrownBy(() -> list(request().setFilter("size = 3")))
                .hasMessageContaining("filter: at position 1: unknown field 'size'");
    }

    @Test
    void modelsAreOrderedAndPaged() {
        ListServedModelsResponse first =
                list(request().setOrderBy("queued_requests desc").setPageSize(2));
        assertThat(aliases(first)).containsExactly(SPAM, CHAT);
        ListServedModelsRequest.Builder next = request().setPageToken(first.getNextPageToken());
        ListServedModelsResponse last = list(next.clone().setOrderBy("queued_requests desc"));
        assertThat(aliases(last)).containsExactly(TEST);
        assertThat(last.getNextPageToken()).isEmpty();
        assertThatThrownBy(() -> list(next)).hasMessageContaining("page_token");
        assertThat(aliases(list(request()))).containsExactly(CHAT, TEST, SPAM);
    }

    private static ListServedModelsRequest.Builder request() {
        return ListServedModelsRequest.newBuilder();
    }

    private static ListServedModelsResponse list(ListServedModelsRequest.Builder request) {
        return ServedModelPages.of(request.build(), SERVED);
    }

    private static List<String> aliases(ListServedModelsResponse page) {
        return page.getModelsList().stream().map(ServedModel::getAlias).toList();
    }

    private static AliasStatus status(String alias, String version, String kind, State state, int queued) {
        return new AliasStatus(
                alias, version, kind, 0, 512, state, "", "", 0, queued, Optional.empty(), Optional.empty());
    }
}
