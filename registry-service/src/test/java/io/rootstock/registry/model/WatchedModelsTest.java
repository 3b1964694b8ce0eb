package io.rootstock.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.UpdateModelRequest;
import io.rootstock.registry.v1.WatchModelsRequest;
import io.rootstock.registry.v1.WatchModelsResponse;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches of a page of models. */
class WatchedModelsTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        registry.register("base");
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aWatchSendsThePageThenTheModelsThatChange() {
        Iterator<WatchModelsResponse> page = watch(WatchModelsRequest.newBuilder());
        WatchModelsResponse first = page.next();
        assertThat(first.getNamesList()).containsExactly("models/base");
        assertThat(first.getModels(0).getLatestVersion()).isEqualTo(1);

        registry.register("base");
        assertThat(page.next().getModels(0).getLatestVersion()).isEqualTo(2);

        registry.register("another");
        WatchModelsResponse second = page.next();
        assertThat(second.getNamesList()).containsExactly("models/another", "models/base");
        assertThat(second.getModelsList()).singleElement().returns("models/another", Model::getName);

        registry.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName("models/base/aliases/production")
                        .setVersion("models/base/versions/2")
                        .setReason("better")
                        .build());
        assertThat(page.next().getModels(0).getAliases(0).getVersion()).isEqualTo("models/base/versions/2");

        registry.models()
                .updateModel(UpdateModelRequest.newBuilder()
                        .setName("models/another")
                        .setDescription("of text")
                        .build());
        assertThat(page.next().getModels(0).getDescription()).isEqualTo("of text");

        registry.models()
                .deleteModel(DeleteModelRequest.newBuilder()
                        .setName("models/another")
                        .setForce(true)
                        .build());
        WatchModelsResponse last = page.next();
        assertThat(last.getNamesList()).containsExactly("models/base");
        assertThat(last.getModelsList()).isEmpty();
    }

    @Test
    void onlyTheFirstPageOfWhatMatchesIsWatched() {
        registry.register("other");
        Iterator<WatchModelsResponse> page =
                watch(WatchModelsRequest.newBuilder().setPageSize(1).setFilter("name = models/o*"));
        assertThat(page.next().getNamesList()).containsExactly("models/other");
        registry.register("older");
        WatchModelsResponse message = page.next();
        assertThat(message.getNamesList()).containsExactly("models/older");
        assertThat(message.getNextPageToken()).isNotEmpty();
    }

    @Test
    void invalidFieldsAreRejectedByName() {
        assertThatThrownBy(() ->
                        watch(WatchModelsRequest.newBuilder().setPageSize(-1)).hasNext())
                .hasMessageContaining("INVALID_ARGUMENT: page_size");
        assertThatThrownBy(() -> watch(WatchModelsRequest.newBuilder().setFilter("size > 1"))
                        .hasNext())
                .hasMessageContaining("INVALID_ARGUMENT: filter");
    }

    private Iterator<WatchModelsResponse> watch(WatchModelsRequest.Builder request) {
        return registry.models().withDeadlineAfter(1, TimeUnit.MINUTES).watchModels(request.build());
    }
}
