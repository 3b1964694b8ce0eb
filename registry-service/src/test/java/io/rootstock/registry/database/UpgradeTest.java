package io.rootstock.registry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.database.NextRelease;
import io.rootstock.database.Schema;
import io.rootstock.database.SchemaException;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upgrades an installation to a later release, whose registry migrates the schema when it starts. */
class UpgradeTest {
    private static final int CLIENTS = 4;
    /** Enough for the driver to have prepared every statement on every connection. */
    private static final int CALLS_BEFORE = 60;

    private static final int CALLS_AFTER = 30;

    @TempDir
    private Path scratch;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aStoppedInstallationKeepsItsModels() {
        Version version = registry.register("base");
        registry.close();
        try (RegistryHarness upgraded = registry.another(NextRelease.REGISTRY)) {
            assertThat(version(upgraded, version.getName())).isEqualTo(version);
            assertThat(upgraded.register("base").getName()).isEqualTo("models/base/versions/2");
        }
        assertThatThrownBy(() -> registry.another(Schema.REGISTRY))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("start the release that migrated it, or a newer one");
        registry = new RegistryHarness(scratch);
    }

    /** The registry of before answers every call while another one migrates, and afterwards until it is stopped. */
    @Test
    void aRunningInstallationAnswersEveryCall() throws Exception {
        Map<String, Version> acknowledged = new ConcurrentHashMap<>();
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger last = new AtomicInteger(Integer.MAX_VALUE);
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < CLIENTS; client++) {
                String prefix = "model-" + client + "-";
                clients.add(executor.submit(() -> {
                    for (int number = 0; calls.incrementAndGet() < last.get(); number++) {
                        call(prefix + number, acknowledged);
                    }
                }));
            }
            RegistryHarness.eventually(
                    () -> calls.get() >= CALLS_BEFORE || clients.stream().anyMatch(Future::isDone));
            try (RegistryHarness upgraded = registry.another(NextRelease.REGISTRY)) {
                last.set(calls.get() + CALLS_AFTER);
                for (Future<?> client : clients) {
                    client.get();
                }
                assertThat(acknowledged).hasSizeGreaterThan(CALLS_BEFORE);
                acknowledged.values().forEach(version -> {
                    assertThat(version(upgraded, version.getName())).isEqualTo(version);
                    assertThat(version(registry, version.getName())).isEqualTo(version);
                });
                Version made = upgraded.register("made");
                assertThat(version(registry, made.getName())).isEqualTo(made);
            } finally {
                last.set(0);
            }
        }
    }

    /** Writes and reads the tables that the migration changes. */
    private void call(String model, Map<String, Version> acknowledged) {
        Version version = registry.register(model);
        String alias = "models/" + model + "/aliases/production";
        assertThat(registry.models()
                        .setAlias(SetAliasRequest.newBuilder()
                                .setName(alias)
                                .setVersion(version.getName())
                                .build())
                        .getAlias()
                        .getVersion())
                .isEqualTo(version.getName());
        assertThat(registry.models()
                        .listAliasHistory(ListAliasHistoryRequest.newBuilder()
                                .setName(alias)
                                .build())
                        .getMovesList())
                .hasSize(1);
        assertThat(version(registry, version.getName())).isEqualTo(version);
        assertThat(registry.models()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel("models/" + model)
                                .build())
                        .getVersionsList())
                .hasSize(1);
        assertThat(registry.models()
                        .listModels(ListModelsRequest.newBuilder().build())
                        .getModelsList())
                .isNotEmpty();
        acknowledged.put(model, version);
    }

    private static Version version(RegistryHarness registry, String name) {
        return registry.models()
                .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                .getVersion();
    }
}
