package io.rootstock.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statuses of calls whose transaction fails. */
class DatabaseFailureTest {
    @TempDir
    private Path scratch;

    private final Recorder recorder = new Recorder();
    private final Logger logger = Logger.getLogger("io.rootstock");
    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        registry.peers()
                .put(Dataset.newBuilder()
                        .setName("datasets/text")
                        .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                        .setTokenizer("tokenizers/bytes")
                        .setDigest("sha256:" + "a".repeat(64))
                        .build());
        logger.addHandler(recorder);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(recorder);
        registry.close();
    }

    @Test
    void aRejectedStatementIsInternalAndLoggedOnceWithItsCause() throws SQLException {
        execute("alter table registry.model rename to hidden");
        StatusRuntimeException failure =
                failure(() -> registry.models().listModels(ListModelsRequest.getDefaultInstance()));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(failure.getStatus().getDescription()).doesNotContain("model");
        assertThat(recorder.records).singleElement().satisfies(logged -> {
            assertThat(logged.getThrown()).hasMessageContaining("42P01").hasRootCauseInstanceOf(SQLException.class);
            String id = logged.getMessage().substring("internal error ".length());
            assertThat(failure.getStatus().getDescription()).endsWith("under id " + id);
        });
    }

    @Test
    void aUniqueViolationIsAlreadyExists() throws SQLException {
        execute("create unique index only_one_job on registry.job ((true))");
        create();
        StatusRuntimeException failure = failure(this::create);
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
        assertThat(recorder.records).singleElement().satisfies(logged -> {
            assertThat(logged.getMessage()).contains("only_one_job");
            assertThat(logged.getThrown()).isNull();
        });
    }

    @Test
    void aKilledConnectionIsUnavailable() throws SQLException {
        execute("create function registry.end_session() returns trigger language plpgsql as"
                + " $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$");
        execute("create trigger end_session before insert on registry.job"
                + " for each row execute function registry.end_session()");
        assertThat(failure(this::create).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        execute("drop trigger end_session on registry.job");
        create();
    }

    private void create() {
        registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setDataset("datasets/text")
                                .setOutputModel("models/base"))
                        .build());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static StatusRuntimeException failure(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run);
    }

    /** Collects warnings and errors. */
    private static final class Recorder extends Handler {
        private final List<LogRecord> records = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord logged) {
            if (logged.getLevel().intValue() >= Level.WARNING.intValue()) {
                records.add(logged);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
