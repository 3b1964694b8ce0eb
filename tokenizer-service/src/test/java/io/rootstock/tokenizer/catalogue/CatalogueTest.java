package io.rootstock.tokenizer.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.database.NextRelease;
import io.rootstock.database.Schema;
import io.rootstock.database.TestDatabase;
import io.rootstock.postgres.RunningPostgres;
import io.rootstock.service.Errors;
import io.rootstock.service.access.Caller;
import io.rootstock.tokenizer.catalogue.Catalogue.Entry;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.Tokenizer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class CatalogueTest {
    @TempDir
    private Path folder;

    private Catalogue<Dataset> catalogue;

    private CatalogueDatabase database;
    private PGSimpleDataSource source;

    @BeforeEach
    void open() {
        source = TestDatabase.create();
        database = new CatalogueDatabase(source);
        database.open();
        catalogue = datasets(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void entriesOutliveTheProcessAndAreSharedByServices() {
        Dataset dataset = dataset("a").toBuilder().addLabels("häm").build();
        catalogue.put("a", new Entry<>("f", "r", dataset));
        assertThat(catalogue.add("a", new Entry<>("g", "", dataset("a")))).isFalse();
        try (CatalogueDatabase other = new CatalogueDatabase(source)) {
            other.open();
            assertThat(datasets(other).find("a")).contains(new Entry<>("f", "r", dataset));
            assertThat(datasets(other).hasRequest("r")).isTrue();
        }
        assertThat(catalogue.find("b")).isEmpty();
        assertThat(catalogue.hasRequest("")).isFalse();
    }

    @Test
    void beforeTheStartAndWithoutAServerCallsAreUnavailable() {
        try (CatalogueDatabase closed = new CatalogueDatabase(source);
                CatalogueDatabase without = new CatalogueDatabase(new RunningPostgres(folder.resolve("none")))) {
            without.open();
            for (CatalogueDatabase unavailable : List.of(closed, without)) {
                StatusRuntimeException failure = catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> datasets(unavailable).find("a"));
                assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(failure).hasMessageContaining("start the registry");
            }
        }
    }

    @Test
    void theServiceMigratesItsSchema() throws Exception {
        PGSimpleDataSource empty = TestDatabase.createEmpty();
        try (CatalogueDatabase migrated = new CatalogueDatabase(empty);
                Connection connection = empty.getConnection()) {
            migrated.migrate();
            migrated.open();
            assertThat(Schema.TOKENIZER.version(connection)).isEqualTo(Schema.TOKENIZER.newest());
            assertThat(datasets(migrated).find("a")).isEmpty();
        }
    }

    @Test
    void aRunningServiceAnswersEveryCallWhileALaterReleaseMigrates() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger last = new AtomicInteger(Integer.MAX_VALUE);
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < 4; client++) {
                String prefix = client + "-";
                clients.add(executor.submit(() -> {
                    for (int number = 0; calls.incrementAndGet() < last.get(); number++) {
                        String id = prefix + number;
                        assertThat(catalogue.add(id, new Entry<>("f", "", dataset(id))))
                                .isTrue();
                        assertThat(catalogue.find(id).orElseThrow().resource()).isEqualTo(dataset(id));
                    }
                }));
            }
            while (calls.get() < 100 && clients.stream().noneMatch(Future::isDone)) {
                Thread.onSpinWait();
            }
            try {
                NextRelease.TOKENIZER.migrate(source);
            } finally {
                last.set(calls.get() + 50);
            }
            for (Future<?> client : clients) {
                client.get();
            }
        }
        assertThat(calls.get()).isGreaterThan(100);
        assertThatThrownBy(database::migrate)
                .hasMessageContaining("start the release that migrated it, or a newer one");
    }

    @Test
    void connectionsFromBeforeTheMigrationAreUsedAfterIt() {
        TestDatabase.execute(source, "alter schema tokenizer rename to later");
        assertThatThrownBy(() -> catalogue.find("a")).isInstanceOf(IllegalStateException.class);
        TestDatabase.execute(source, "alter schema later rename to tokenizer");
        assertThat(catalogue.find("a")).isEmpty();
    }

    @Test
    void aDamagedRowIsReportedAsDataLoss() throws SQLException {
        catalogue.put("a", new Entry<>("f", "r", dataset("a")));
        TestDatabase.execute(source, "update tokenizer.resource set resource = '\\x0a'");
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, () -> catalogue.find("a"));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
        assertThat(failure).hasMessageContaining("DATASET a");
    }

    @Test
    void pagesFollowOneAnotherWithoutGapOrRepeat() {
        for (int i = 0; i < 25; i++) {
            catalogue.put("d" + (char) ('a' + i), new Entry<>("f", "", dataset("d" + (char) ('a' + i))));
        }
        List<String> names = new ArrayList<>();
        String token = "";
        do {
            Page<Dataset> page = page(token);
            page.resources().forEach(dataset -> names.add(dataset.getName()));
            token = page.nextPageToken();
        } while (!token.isEmpty());
        assertThat(names).hasSize(25).isSorted().doesNotHaveDuplicates();
        assertThat(Page.of(catalogue, "datasets", 10, "").resources())
                .as("a caller without a role")
                .isEmpty();
        assertThatThrownBy(() -> page("forged")).isInstanceOf(StatusRuntimeException.class);
        assertThatThrownBy(() -> Page.of(catalogue, "datasets", -1, "")).isInstanceOf(StatusRuntimeException.class);
    }

    private Page<Dataset> page(String token) {
        AtomicReference<Page<Dataset>> page = new AtomicReference<>();
        Caller.LOCAL.in(Context.ROOT).run(() -> page.set(Page.of(catalogue, "datasets", 10, token)));
        return page.get();
    }

    @Test
    void theSameRequestGivesTheSameResourceAndAnotherIsRefused() {
        OnceByName<Dataset> once = new OnceByName<>(catalogue);
        AtomicInteger made = new AtomicInteger();
        PrepareDatasetRequest request =
                PrepareDatasetRequest.newBuilder().setSeed(1).build();
        for (int i = 0; i < 3; i++) {
            assertThat(once.getOrCreate("datasets/a", "a", request, "r1", () -> {
                        made.incrementAndGet();
                        return dataset("a");
                    }))
                    .isEqualTo(dataset("a"));
        }
        assertThat(made).hasValue(1);
        PrepareDatasetRequest other = request.toBuilder().setSeed(2).build();
        assertThat(codeOf(() -> once.find("datasets/a", "a", other, ""))).isEqualTo(Status.Code.ALREADY_EXISTS);
        assertThat(codeOf(() -> once.find("datasets/b", "b", other, "r1"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(once.find("datasets/b", "b", other, "r2")).isEmpty();
    }

    @Test
    void aDeletedNameCanBeUsedAgainAndARefusedReleaseKeepsTheResource() {
        OnceByName<Dataset> once = new OnceByName<>(catalogue);
        PrepareDatasetRequest request =
                PrepareDatasetRequest.newBuilder().setSeed(1).build();
        once.getOrCreate("datasets/a", "a", request, "", () -> dataset("a"));
        assertThat(codeOf(() -> once.delete("datasets/a", "a", dataset -> {
                    throw Errors.failedPrecondition("STILL_REFERENCED", "a job uses " + dataset.getName());
                })))
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(catalogue.find("a")).isPresent();
        once.delete("datasets/a", "a", dataset -> {});
        assertThat(catalogue.find("a")).isEmpty();
        assertThat(codeOf(() -> once.delete("datasets/a", "a", dataset -> {}))).isEqualTo(Status.Code.NOT_FOUND);
        PrepareDatasetRequest other = request.toBuilder().setSeed(2).build();
        assertThat(once.getOrCreate("datasets/a", "a", other, "", () -> dataset("a")))
                .isEqualTo(dataset("a"));
    }

    @Test
    void uploadsAreKeptWhileAnOperationRunsInAnyService() throws SQLException {
        try (RunningOperations operations = new RunningOperations(database);
                RunningOperations others = new RunningOperations(database)) {
            assertThat(operations.oldest()).isEmpty();
            try (RunningOperations.Operation operation = operations.begin("tokenizers/a")) {
                assertThat(others.uses("tokenizers/a")).isTrue();
                assertThat(others.uses("tokenizers/b")).isFalse();
                assertThat(others.runIfIdle(() -> {
                            throw new AssertionError();
                        }))
                        .isFalse();
                assertThat(others.oldest()).isPresent();
                operation.requireLive();
            }
            assertThat(others.uses("tokenizers/a")).isFalse();
            assertThat(others.runIfIdle(() -> {})).isTrue();
            try (RunningOperations.Operation expired = operations.begin("tokenizers/a")) {
                TestDatabase.execute(
                        source, "update tokenizer.operation set renew_time = clock_timestamp() - interval '3 minutes'");
                assertThat(others.oldest()).isEmpty();
                assertThat(others.uses("tokenizers/a")).isFalse();
                assertThat(codeOf(expired::requireLive)).isEqualTo(Status.Code.ABORTED);
            }
        }
    }

    @Test
    void anOperationThatBeginsDuringTheDeletionOfItsTokenizerFindsItDeleted() throws Exception {
        Catalogue<Tokenizer> tokenizers = new Catalogue<>(
                database, Catalogue.Kind.TOKENIZER, Tokenizer.getDefaultInstance(), Tokenizer::getDigest);
        tokenizers.put("a", new Entry<>("f", "", Tokenizer.getDefaultInstance()));
        try (RunningOperations operations = new RunningOperations(database);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> found = new ArrayList<>();
            new OnceByName<>(tokenizers).delete("tokenizers/a", "a", tokenizer -> {
                assertThat(operations.uses("tokenizers/a")).isFalse();
                found.add(threads.submit(() -> {
                    try (RunningOperations.Operation _ = operations.begin("tokenizers/a")) {
                        return tokenizers.find("a").isPresent();
                    }
                }));
                assertThat(found.getFirst().isDone()).isFalse();
            });
            assertThat(found.getFirst().get()).isFalse();
        }
    }

    @Test
    void equalRequestsAtATimeMakeOneResource() {
        OnceByName<Dataset> once = new OnceByName<>(catalogue);
        AtomicInteger made = new AtomicInteger();
        IntStream.range(0, 50)
                .parallel()
                .forEach(
                        i -> once.getOrCreate("datasets/a", "a", PrepareDatasetRequest.getDefaultInstance(), "", () -> {
                            made.incrementAndGet();
                            return dataset("a");
                        }));
        assertThat(made).hasValue(1);
    }

    private static Status.Code codeOf(ThrowingCallable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call)
                .getStatus()
                .getCode();
    }

    @Test
    void theResourcesOfEachUserAreLimited() {
        Catalogue<Dataset> limited = new Catalogue<>(
                database,
                Catalogue.Kind.DATASET,
                Dataset.getDefaultInstance(),
                Dataset::getDigest,
                dataset -> 60,
                new UserSpace(100));
        Caller alice = new Caller("users/alice", List.of(), Optional.empty());
        Context asAlice = alice.in(Context.ROOT);
        asAlice.run(() -> {
            assertThat(limited.requireSpace(1)).isEqualTo(100);
            limited.put("a", new Entry<>("f", "", dataset("a")));
            limited.put("a", new Entry<>("g", "", dataset("a")));
            assertThat(limited.requireSpace(1)).isEqualTo(40);
            for (ThrowingCallable refused : List.<ThrowingCallable>of(
                    () -> limited.requireSpace(41), () -> limited.add("b", new Entry<>("f", "", dataset("b"))))) {
                StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, refused);
                assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
                assertThat(failure).hasMessageContainingAll("users/alice", "the limit is 100");
            }
        });
        assertThat(limited.find("b")).isEmpty();
        Caller.SERVICE.in(Context.ROOT).run(() -> {
            for (String id : List.of("b", "c")) {
                limited.put(id, new Entry<>("f", "", dataset(id)));
            }
        });
        limited.remove("a");
        asAlice.run(() -> assertThat(limited.requireSpace(100)).isEqualTo(100));
    }

    private static Catalogue<Dataset> datasets(CatalogueDatabase database) {
        return new Catalogue<>(database, Catalogue.Kind.DATASET, Dataset.getDefaultInstance(), Dataset::getDigest);
    }

    private static Dataset dataset(String id) {
        return Dataset.newBuilder().setName("datasets/" + id).build();
    }
}
