package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.service.WebStore.Behavior;
import io.rootstock.inference.v1.Completion;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service with artifacts over HTTP, from a server with simulated failures. */
@Timeout(300)
class DownloadIT {
    /** Width of a model whose file is slightly larger than 5 MiB. */
    private static final int WIDTH = 3600;

    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path home;

    @TempDir
    static Path scratch;

    private static WebStore web;
    private static ServingFixture serving;

    /** Seed of the large model of this test: a file that an earlier test's service has downloaded is in its cache. */
    private final int seed = TESTS.incrementAndGet();

    @BeforeAll
    static void start() throws IOException {
        web = new WebStore(home.resolve("artifacts"));
        serving = new ServingFixture(home, scratch, web.setting(), "rootstock.inference.load-retry=300ms");
    }

    @AfterAll
    static void stop() {
        serving.close();
        web.close();
    }

    @AfterEach
    void clear() {
        web.setBehavior(Behavior.NORMAL);
        serving.clear();
    }

    /** Serves a small version, then promotes a large one, which the store serves with the given behavior. */
    private Version promoteLarge(Behavior behavior) {
        serving.serve("m", TinyModel.reciting("abcd"));
        Version large = serving.version("m", 2, VersionKind.VERSION_KIND_BASE, TinyModel.random(seed, WIDTH));
        web.setBehavior(behavior);
        web.starts().clear();
        serving.registry.promote(large);
        return large;
    }

    private static Completion answer(ServingFixture serving) {
        return serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel("m")
                        .setPrompt("a")
                        .setOptions(options(10))
                        .build())
                .getCompletions(0);
    }

    private static ServedModel awaitState(ServedState state) {
        return serving.service.await("models/m", model -> model.getState() == state);
    }

    private static void expectFirstServes(ServingFixture serving) {
        Completion answer = answer(serving);
        assertThat(answer.getFinish().getVersion()).isEqualTo("models/m/versions/1");
        assertThat(answer.getText()).isEqualTo("bcd");
    }

    private static void expectLargeServes() {
        serving.service.await(
                "models/m",
                model -> model.getVersion().equals("models/m/versions/2")
                        && model.getState() == ServedState.SERVED_STATE_READY);
        assertThat(answer(serving).getFinish().getVersion()).isEqualTo("models/m/versions/2");
    }

    private Path cache() {
        return home.resolve("inference").resolve("cache");
    }

    private Path partial(Version version) {
        String hex = version.getArtifacts(0).getDigest().substring("sha256:".length());
        return cache().resolve(hex + ".part");
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anInterruptedDownloadResumesWhereItStopped() throws IOException {
        Version large = promoteLarge(Behavior.TRUNCATE);
        expectLargeServes();
        long bytes =
                Files.size(cache().resolve(large.getArtifacts(0).getDigest().substring("sha256:".length())));
        List<Long> starts = LongStream.range(0, Math.ceilDiv(bytes, WebStore.MEBIBYTE))
                .mapToObj(part -> part * WebStore.MEBIBYTE)
                .toList();
        assertThat(starts).hasSizeGreaterThan(5);
        assertThat(web.starts()).isEqualTo(starts);
    }

    @Test
    void aDownloadResumesAfterARestartWhileTheLastGoodVersionServes() throws IOException, InterruptedException {
        Version large = promoteLarge(Behavior.STALL);
        await(() -> size(partial(large)) == WebStore.MEBIBYTE);
        assertThat(awaitState(ServedState.SERVED_STATE_SWAPPING).getPendingVersion())
                .isEqualTo(large.getName());
        expectFirstServes(serving);
        web.starts().clear();
        serving.restart();
        await(() -> size(partial(large)) == 2 * WebStore.MEBIBYTE);
        awaitState(ServedState.SERVED_STATE_SWAPPING);
        expectFirstServes(serving);
        web.setBehavior(Behavior.NORMAL);
        expectLargeServes();
        assertThat(web.starts()).containsExactly((long) WebStore.MEBIBYTE, 2L * WebStore.MEBIBYTE);
    }

    @Test
    void downloadsFromAnUnavailableStoreAreRetried() throws IOException {
        Version large = promoteLarge(Behavior.UNAVAILABLE);
        ServedModel failed = awaitState(ServedState.SERVED_STATE_LOAD_FAILED);
        assertThat(failed.getVersion()).isEqualTo("models/m/versions/1");
        assertThat(failed.getPendingVersion()).isEqualTo(large.getName());
        assertThat(failed.getError())
                .contains(
                        large.getArtifacts(0).getDigest(),
                        "stopped at 0 bytes, the source failed 6 times running",
                        "answers 503");
        expectFirstServes(serving);
        web.setBehavior(Behavior.NORMAL);
        expectLargeServes();
    }

    @Test
    void corruptDownloadsAreRejectedAndDeleted() throws IOException {
        Version large = promoteLarge(Behavior.CORRUPT);
        ServedModel failed = awaitState(ServedState.SERVED_STATE_LOAD_FAILED);
        assertThat(failed.getError()).contains(large.getArtifacts(0).getDigest(), "came as sha256:");
        expectFirstServes(serving);
        web.setBehavior(Behavior.NORMAL);
        expectLargeServes();
        try (Stream<Path> files = Files.list(cache())) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void aVersionLargerThanTheCacheIsRejectedWithTheSettingAndNothingIsDownloaded(@TempDir Path other)
            throws IOException {
        try (WebStore full = new WebStore(other.resolve("artifacts"));
                ServingFixture small =
                        new ServingFixture(other, scratch, full.setting(), "rootstock.inference.cache=4M")) {
            small.serve("m", TinyModel.reciting("abcd"));
            full.starts().clear();
            Version large = small.version("m", 2, VersionKind.VERSION_KIND_BASE, TinyModel.random(seed, WIDTH));
            small.registry.promote(large);
            ServedModel failed =
                    small.service.await("models/m", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
            assertThat(failed.getError())
                    .contains(
                            large.getArtifacts(0).getDigest(),
                            "does not fit into",
                            "which may have 4194304 bytes",
                            "raise rootstock.inference.cache (ROOTSTOCK_INFERENCE_CACHE)");
            expectFirstServes(small);
            assertThat(full.starts()).isEmpty();
        }
    }
}
