package io.rootstock.registry.job;

import static io.rootstock.registry.RegistryHarness.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.lease.LeaseTerm;
import io.rootstock.registry.lease.Leases;
import io.rootstock.registry.v1.AcquireRunLeaseRequest;
import io.rootstock.registry.v1.AcquireRunLeaseResponse;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ReleaseRunLeaseRequest;
import io.rootstock.registry.v1.ReleaseRunLeaseResponse;
import io.rootstock.registry.v1.RenewRunLeaseRequest;
import io.rootstock.registry.v1.RenewRunLeaseResponse;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLeasesTest {
    private static final long TERM = 30_000;

    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private Database database;
    private String job;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        database = Database.open(new DatabaseServer.External(registry.source()));
        job = create().getName();
    }

    @AfterEach
    void stop() {
        database.close();
        registry.close();
    }

    @Test
    void oneWorkerHoldsTheLeaseUntilItReleasesIt() {
        AcquireRunLeaseResponse first = acquire("one");
        assertThat(first.getLease()).isEqualTo(1);
        assertThat(first.getMilliseconds()).isEqualTo(TERM);
        AcquireRunLeaseResponse refused = acquire("two");
        assertThat(refused.getLease()).isZero();
        assertThat(refused.getHolder()).isEqualTo("one");
        assertThat(refused.getMilliseconds()).isBetween(1L, TERM);
        assertThat(renew(1).getMilliseconds()).isEqualTo(TERM);

        release(1);
        assertThat(acquire("two").getLease()).isEqualTo(2);
        assertLost(1);
        release(1);
        assertThat(renew(2).getMilliseconds()).isEqualTo(TERM);
    }

    @Test
    void aRepeatedAcquisitionOfTheHolderReturnsItsLease() {
        assertThat(acquire("one").getLease()).isEqualTo(1);
        assertThat(acquire("one").getLease()).isEqualTo(1);
        release(1);
        assertThat(acquire("one").getLease()).isEqualTo(2);
    }

    @Test
    void anExpiredLeaseCanBeRenewedUntilAnotherWorkerAcquiresOne() {
        acquire("one");
        expire();
        assertThat(renew(1).getMilliseconds()).isEqualTo(TERM);
        assertThat(acquire("two").getLease()).isZero();
        // The registry may begin to lead and extend the lease in between, once.
        eventually(() -> {
            expire();
            return acquire("two").getLease() == 2;
        });
        assertLost(1);
    }

    @Test
    void aReleasedLeaseCannotBeRenewed() {
        acquire("one");
        release(1);
        assertLost(1);
    }

    @Test
    void aRegistryThatBeginsToLeadGivesEveryLeaseAWholeTerm() {
        acquire("one");
        expire();
        registry.restart();
        eventually(() -> remaining() > TERM / 2);
        assertThat(acquire("two").getLease()).isZero();
        assertThat(renew(1).getMilliseconds()).isEqualTo(TERM);
        release(1);
        registry.restart();
        assertThat(acquire("two").getLease()).isEqualTo(2);
    }

    @Test
    void ofWorkersThatAcquireAtOnceThroughTwoRegistriesOneHasTheLease() throws Exception {
        RunLeases other = new RunLeases(database, new Leases(database, new LeaseTerm(Duration.ofSeconds(30))));
        for (int round = 1; round <= 5; round++) {
            List<Callable<Long>> calls = new ArrayList<>();
            for (int worker = 0; worker < 4; worker++) {
                String holder = "worker-" + round + "-" + worker;
                calls.add(() -> acquire(holder).getLease());
                calls.add(() -> other.acquire(request(holder + "-other")).getLease());
            }
            List<Long> leases = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
                for (Future<Long> lease : threads.invokeAll(calls)) {
                    leases.add(lease.get());
                }
            }
            assertThat(leases).filteredOn(lease -> lease != 0).containsExactly((long) round);
            release(round);
        }
    }

    @Test
    void aLeaseEndsWithItsJob() {
        acquire("one");
        registry.jobs().cancelJob(CancelJobRequest.newBuilder().setName(job).build());
        eventually(() -> registry.jobs()
                        .getJob(GetJobRequest.newBuilder().setName(job).build())
                        .getJob()
                        .getState()
                == JobState.JOB_STATE_CANCELLED);
        assertLost(1);
        assertThat(code(() -> acquire("two"))).isEqualTo(Status.Code.FAILED_PRECONDITION);
        registry.jobs().deleteJob(DeleteJobRequest.newBuilder().setName(job).build());
        assertLost(1);
        assertThat(code(() -> acquire("one"))).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void invalidRequestsNameTheField() {
        assertThatThrownBy(() -> acquire(" ")).hasMessageContaining("INVALID_ARGUMENT: holder");
        assertThatThrownBy(() -> acquire("x".repeat(256))).hasMessageContaining("has 256");
        job = "models/one";
        assertThatThrownBy(() -> acquire("one")).hasMessageContaining("INVALID_ARGUMENT: job");
        assertThatThrownBy(() -> renew(1)).hasMessageContaining("INVALID_ARGUMENT: job");
        assertThatThrownBy(() -> new LeaseTerm(Duration.ofSeconds(1))).hasMessageContaining("from 5s to 10m");
    }

    /** A job whose dataset does not exist stays VALIDATING until it is cancelled. */
    private Job create() {
        registry.peers().stopServing();
        return registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setDataset("datasets/text")
                                .setOutputModel("models/base"))
                        .build())
                .getJob();
    }

    private AcquireRunLeaseRequest request(String holder) {
        return AcquireRunLeaseRequest.newBuilder().setJob(job).setHolder(holder).build();
    }

    private AcquireRunLeaseResponse acquire(String holder) {
        return registry.leases().acquireRunLease(request(holder));
    }

    private RenewRunLeaseResponse renew(long lease) {
        return registry.leases()
                .renewRunLease(RenewRunLeaseRequest.newBuilder()
                        .setJob(job)
                        .setLease(lease)
                        .build());
    }

    private void release(long lease) {
        ReleaseRunLeaseResponse _ = registry.leases()
                .releaseRunLease(ReleaseRunLeaseRequest.newBuilder()
                        .setJob(job)
                        .setLease(lease)
                        .build());
    }

    private void assertLost(long lease) {
        assertThat(code(() -> renew(lease))).isEqualTo(Status.Code.ABORTED);
    }

    private static Status.Code code(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run)
                .getStatus()
                .getCode();
    }

    private void expire() {
        database.write(connection -> Sql.of(
                        connection,
                        "update job set lease_expire_time = clock_timestamp() - interval '1 s' where lease_expire_time is not null")
                .update());
    }

    private long remaining() {
        return database.read(connection -> Sql.of(
                        connection,
                        "select (1000 * extract(epoch from lease_expire_time - clock_timestamp()))::bigint from job")
                .one(row -> row.getLong(1)));
    }
}
