package io.rootstock.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.AliasMove;
import io.rootstock.registry.v1.ClearAliasCanaryRequest;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.RollbackAliasRequest;
import io.rootstock.registry.v1.SetAliasCanaryRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanaryTest {
    private static final String PRODUCTION = "models/base/aliases/production";

    @TempDir
    private Path scratch;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        for (int i = 0; i < 3; i++) {
            registry.register("base");
        }
        registry.register("other");
        point(1);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aCanaryIsStoredWithTheAliasUntilItIsCleared() {
        Alias set = registry.models().setAliasCanary(request(2, 10, true)).getAlias();
        assertThat(set.getVersion()).isEqualTo("models/base/versions/1");
        assertThat(set.getCanary()).isEqualTo(canary(2, 10, true));
        assertThat(alias()).isEqualTo(set);
        assertThat(registry.models().setAliasCanary(request(2, 10, true)).getAlias())
                .isEqualTo(set);
        assertThat(registry.models()
                        .setAliasCanary(request(3, 0, true))
                        .getAlias()
                        .getCanary())
                .isEqualTo(canary(3, 0, true));
        Alias cleared = clear();
        assertThat(cleared.hasCanary()).isFalse();
        assertThat(cleared.getVersion()).isEqualTo("models/base/versions/1");
        assertThat(clear()).isEqualTo(cleared);
        assertThat(history()).extracting(AliasMove::hasCanary).containsExactly(false, true, true, false);
    }

    @Test
    void promotingTheCanaryRemovesItAndARollbackIgnoresIt() {
        point(2);
        registry.models().setAliasCanary(request(3, 50, false));
        assertThat(point(3).hasCanary()).isFalse();
        assertThat(rollback().getVersion()).isEqualTo("models/base/versions/2");
        registry.models().setAliasCanary(request(3, 5, false));
        Alias back = rollback();
        assertThat(back.getVersion()).isEqualTo("models/base/versions/1");
        assertThat(back.hasCanary()).isFalse();
        assertThatThrownBy(this::rollback).hasMessageContaining("FAILED_PRECONDITION");
    }

    @Test
    void aWatcherReceivesTheCanaryWithItsVersion() {
        registry.models().setAliasCanary(request(2, 10, false));
        Iterator<WatchAliasesResponse> watch = registry.models()
                .watchAliases(
                        WatchAliasesRequest.newBuilder().setAlias("production").build());
        WatchAliasesResponse first = watch.next();
        assertThat(first.getAlias().getCanary()).isEqualTo(canary(2, 10, false));
        assertThat(first.getCanaryVersion().getName()).isEqualTo("models/base/versions/2");
        assertThat(watch.next().getSynchronized()).isTrue();
        clear();
        assertThat(watch.next().hasCanaryVersion()).isFalse();
    }

    @Test
    void rejectsInvalidCanaries() {
        assertThat(code(request(1, 10, false))).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(code(request(2, 101, false))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(code(request(2, -1, true))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(code(request(2, 0, false))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(code(request(9, 10, false))).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(code(request(2, 10, false).toBuilder().setEtag("0").build())).isEqualTo(Status.Code.ABORTED);
        assertThat(code(request(2, 10, false).toBuilder()
                        .setName("models/base/aliases/never-set")
                        .build()))
                .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(code(request(2, 10, false).toBuilder()
                        .setCanary(canary(1, 10, false).toBuilder().setVersion("models/other/versions/1"))
                        .build()))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(history()).hasSize(1);
    }

    private static AliasCanary canary(int version, int percent, boolean shadow) {
        return AliasCanary.newBuilder()
                .setVersion("models/base/versions/" + version)
                .setPercent(percent)
                .setShadow(shadow)
                .build();
    }

    private static SetAliasCanaryRequest request(int version, int percent, boolean shadow) {
        return SetAliasCanaryRequest.newBuilder()
                .setName(PRODUCTION)
                .setCanary(canary(version, percent, shadow))
                .build();
    }

    private Status.Code code(SetAliasCanaryRequest request) {
        try {
            registry.models().setAliasCanary(request);
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
        return Status.Code.OK;
    }

    private Alias point(int version) {
        return registry.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(PRODUCTION)
                        .setVersion("models/base/versions/" + version)
                        .build())
                .getAlias();
    }

    private Alias rollback() {
        return registry.models()
                .rollbackAlias(
                        RollbackAliasRequest.newBuilder().setName(PRODUCTION).build())
                .getAlias();
    }

    private Alias clear() {
        return registry.models()
                .clearAliasCanary(
                        ClearAliasCanaryRequest.newBuilder().setName(PRODUCTION).build())
                .getAlias();
    }

    private Alias alias() {
        return registry.models()
                .getModel(GetModelRequest.newBuilder().setName("models/base").build())
                .getModel()
                .getAliases(0);
    }

    private List<AliasMove> history() {
        return registry.models()
                .listAliasHistory(
                        ListAliasHistoryRequest.newBuilder().setName(PRODUCTION).build())
                .getMovesList();
    }
}
