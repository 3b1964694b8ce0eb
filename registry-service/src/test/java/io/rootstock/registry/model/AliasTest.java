package io.rootstock.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasMove;
import io.rootstock.registry.v1.DeleteAliasRequest;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.RollbackAliasRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AliasTest {
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
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void exactlyOneOfManyConcurrentMovesWithTheSameEtagSucceeds() throws Exception {
        Alias before = set(1, "");
        int movers = 16;
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Boolean>> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < movers; i++) {
                int version = 2 + i % 2;
                results.add(executor.submit(() -> {
                    go.await();
                    try {
                        set(version, before.getEtag());
                        return true;
                    } catch (StatusRuntimeException e) {
                        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
                        return false;
                    }
                }));
            }
            go.countDown();
            int wins = 0;
            for (Future<Boolean> result : results) {
                wins += result.get() ? 1 : 0;
            }
            assertThat(wins).isEqualTo(1);
        }
        assertThat(history()).hasSize(2);
    }

    @Test
    void rollbackGoesBackStepByStepAndEveryMoveStaysInTheHistory() {
        set(1, "");
        set(2, "");
        set(3, "");
        assertThat(rollback().getVersion()).isEqualTo("models/base/versions/2");
        assertThat(rollback().getVersion()).isEqualTo("models/base/versions/1");
        assertThatThrownBy(this::rollback).hasMessageContaining("FAILED_PRECONDITION");
        set(3, "");
        assertThat(rollback().getVersion()).isEqualTo("models/base/versions/1");
        assertThat(history())
                .extracting(move -> move.getFromVersion().replace("models/base/versions/", "") + ">"
                        + move.getToVersion().replace("models/base/versions/", ""))
                .containsExactly("3>1", "1>3", "2>1", "3>2", "2>3", "1>2", ">1");
        assertThat(history()).extracting(AliasMove::getSequence).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void aRepeatedRollbackWithTheSameRequestIdGoesBackOnce() {
        set(1, "");
        set(2, "");
        set(3, "");
        RollbackAliasRequest request = RollbackAliasRequest.newBuilder()
                .setName(PRODUCTION)
                .setRequestId("rollback-1")
                .build();
        Alias first = registry.models().rollbackAlias(request).getAlias();
        assertThat(registry.models().rollbackAlias(request).getAlias()).isEqualTo(first);
        assertThat(first.getVersion()).isEqualTo("models/base/versions/2");
        assertThat(history()).hasSize(4);
        assertThatThrownBy(() -> registry.models()
                        .rollbackAlias(request.toBuilder().setReason("another").build()))
                .hasMessageContaining("ALREADY_EXISTS");
    }

    @Test
    void aTextWithNulIsRejectedByField() {
        assertThatThrownBy(() -> registry.models()
                        .rollbackAlias(RollbackAliasRequest.newBuilder()
                                .setName(PRODUCTION)
                                .setReason("bro\0ken")
                                .build()))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("reason")
                .hasMessageContaining("U+0000");
    }

    @Test
    void historyIsPagedNewestFirst() {
        for (int i = 0; i < 5; i++) {
            set(1 + i % 2, "");
        }
        ListAliasHistoryRequest request = ListAliasHistoryRequest.newBuilder()
                .setName(PRODUCTION)
                .setPageSize(3)
                .build();
        var first = registry.models().listAliasHistory(request);
        var second = registry.models()
                .listAliasHistory(request.toBuilder()
                        .setPageToken(first.getNextPageToken())
                        .build());
        assertThat(first.getMovesList()).extracting(AliasMove::getSequence).containsExactly(5L, 4L, 3L);
        assertThat(second.getMovesList()).extracting(AliasMove::getSequence).containsExactly(2L, 1L);
        assertThat(second.getNextPageToken()).isEmpty();
    }

    @Test
    void settingTheCurrentVersionMovesNothingAndARepeatedRequestMovesOnce() {
        Alias first = set(1, "");
        assertThat(set(1, first.getEtag())).isEqualTo(first);
        SetAliasRequest request = SetAliasRequest.newBuilder()
                .setName(PRODUCTION)
                .setVersion("models/base/versions/2")
                .setRequestId("once")
                .build();
        Alias moved = registry.models().setAlias(request).getAlias();
        set(3, "");
        assertThat(registry.models().setAlias(request).getAlias()).isEqualTo(moved);
        assertThat(history()).hasSize(3);
    }

    @Test
    void rejectsLatestVersionsOfOtherModelsAndMissingVersions() {
        assertThat(code("models/base/aliases/latest", "models/base/versions/1"))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(code(PRODUCTION, "models/other/versions/1")).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(code(PRODUCTION, "models/base/versions/9")).isEqualTo(Status.Code.NOT_FOUND);
        assertThatThrownBy(this::history).hasMessageContaining("NOT_FOUND");
    }

    @Test
    void aWatcherReceivesTheAliasesThenSynchronizedThenEveryMoveInOrder() throws Exception {
        set(1, "");
        int moves = 200;
        Iterator<WatchAliasesResponse> watch = registry.models()
                .watchAliases(
                        WatchAliasesRequest.newBuilder().setAlias("production").build());
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> mover = executor.submit(() -> {
                for (int i = 0; i < moves; i++) {
                    set(1 + (i + 1) % 3, "");
                    registry.models()
                            .setAlias(SetAliasRequest.newBuilder()
                                    .setName("models/base/aliases/staging")
                                    .setVersion("models/base/versions/" + (1 + i % 3))
                                    .build());
                }
            });
            List<String> seen = new ArrayList<>();
            int snapshotEnds = 0;
            String last = "";
            // set() above made move 1; each iteration moves production first and staging second.
            String lastMove = Integer.toString(2 * moves);
            while (!last.equals(lastMove)) {
                WatchAliasesResponse next = watch.next();
                if (next.getSynchronized()) {
                    snapshotEnds++;
                    assertThat(next.hasAlias()).isFalse();
                } else {
                    last = next.getAlias().getEtag();
                    seen.add(next.getAlias().getEtag());
                    assertThat(next.getAlias().getVersion())
                            .isEqualTo(next.getVersion().getName());
                }
            }
            mover.get();
            assertThat(snapshotEnds).isEqualTo(1);
            List<String> expected = allHistory().reversed().stream()
                    .map(move -> Long.toString(move.getSequence()))
                    .filter(sequence -> Long.parseLong(sequence) >= Long.parseLong(seen.getFirst()))
                    .toList();
            assertThat(seen).isEqualTo(expected);
        }
    }

    @Test
    void aWatcherContinuesAfterItsTokenWithExactlyWhatItMissed() throws SQLException {
        set(1, "");
        List<WatchAliasesResponse> before = watch("production", "");
        assertThat(before).hasSize(2);
        assertThat(before.getFirst().getResumeToken()).isEmpty();
        String token = before.getLast().getResumeToken();
        set(2, "");
        set(3, "");
        List<WatchAliasesResponse> missed = watch("production", token);
        assertThat(missed)
                .extracting(response -> response.getAlias().getVersion())
                .containsExactly("models/base/versions/2", "models/base/versions/3", "");
        assertThat(missed.getLast().getSynchronized()).isTrue();
        // A token of each move, and of the last message.
        assertThat(watch("production", missed.getFirst().getResumeToken()))
                .extracting(response -> response.getAlias().getVersion())
                .containsExactly("models/base/versions/3", "");
        assertThat(watch("production", missed.getLast().getResumeToken())).hasSize(1);
        registry.restart();
        assertThat(watch("production", token)).isEqualTo(missed);
        registry.models()
                .deleteAlias(DeleteAliasRequest.newBuilder().setName(PRODUCTION).build());
        assertThat(watch("production", missed.getLast().getResumeToken())
                        .getFirst()
                        .getDeletedAlias())
                .isEqualTo(PRODUCTION);
        assertThatThrownBy(() -> watch("staging", token)).hasMessageContaining("INVALID_ARGUMENT: resume_token");
        assertThatThrownBy(() -> watch("production", "forged")).hasMessageContaining("INVALID_ARGUMENT: resume_token");
    }

    @Test
    void aTokenThatTheHistoryDoesNotHaveGivesAllAliasesAndSaysSo() throws SQLException {
        set(1, "");
        String token = watch("", "").getLast().getResumeToken();
        // The history of a database that was restored from a backup and has other moves since.
        execute("alter table registry.alias_move disable trigger user;"
                + " update registry.alias_move set move_time = move_time + interval '1 second'");
        List<WatchAliasesResponse> anew = watch("", token);
        assertThat(anew).hasSize(3);
        assertThat(anew.getFirst())
                .isEqualTo(WatchAliasesResponse.newBuilder().setReset(true).build());
        assertThat(anew.get(1).getAlias().getName()).isEqualTo(PRODUCTION);
        assertThat(anew.get(2).getSynchronized()).isTrue();
        String valid = anew.get(2).getResumeToken();
        execute("""
                insert into registry.alias_move (sequence, model, alias, to_number, reason)
                select n, 'base', 'many', 1, '' from generate_series(2, 10001) n;
                update registry.alias_counter set value = 10001
                """);
        registry.restart();
        assertThat(watch("", valid)).hasSize(10_001);
        execute("""
                insert into registry.alias_move (sequence, model, alias, to_number, reason)
                values (10002, 'base', 'many', 1, '');
                update registry.alias_counter set value = 10002
                """);
        assertThat(watch("", valid).getFirst().getReset()).isTrue();
    }

    /** Returns the messages until the watcher is synchronized. */
    private List<WatchAliasesResponse> watch(String alias, String token) {
        List<WatchAliasesResponse> messages = new ArrayList<>();
        Iterator<WatchAliasesResponse> watch = registry.models()
                .watchAliases(WatchAliasesRequest.newBuilder()
                        .setAlias(alias)
                        .setResumeToken(token)
                        .build());
        do {
            messages.add(watch.next());
        } while (!messages.getLast().getSynchronized());
        return messages;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Alias set(int version, String etag) {
        return registry.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(PRODUCTION)
                        .setVersion("models/base/versions/" + version)
                        .setEtag(etag)
                        .build())
                .getAlias();
    }

    private Alias rollback() {
        return registry.models()
                .rollbackAlias(
                        RollbackAliasRequest.newBuilder().setName(PRODUCTION).build())
                .getAlias();
    }

    private List<AliasMove> history() {
        return registry.models()
                .listAliasHistory(
                        ListAliasHistoryRequest.newBuilder().setName(PRODUCTION).build())
                .getMovesList();
    }

    private List<AliasMove> allHistory() {
        return registry.models()
                .listAliasHistory(ListAliasHistoryRequest.newBuilder()
                        .setName(PRODUCTION)
                        .setPageSize(1000)
                        .build())
                .getMovesList();
    }

    private Status.Code code(String alias, String version) {
        try {
            registry.models()
                    .setAlias(SetAliasRequest.newBuilder()
                            .setName(alias)
                            .setVersion(version)
                            .build());
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
        return Status.Code.OK;
    }
}
