package io.rootstock.trainer.grpc;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.collectives.EngineMissingException;
import io.rootstock.trainer.data.AdapterFacts;
import io.rootstock.trainer.data.BaseFacts;
import io.rootstock.trainer.data.DatasetFacts;
import io.rootstock.trainer.data.mixture.MixtureDraws;
import io.rootstock.trainer.data.mixture.RunDataset;
import io.rootstock.trainer.estimate.Calibration;
import io.rootstock.trainer.estimate.Device;
import io.rootstock.trainer.estimate.DeviceTable;
import io.rootstock.trainer.estimate.Estimator;
import io.rootstock.trainer.estimate.StepProbes;
import io.rootstock.trainer.plan.ClassificationRule;
import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.plan.DefaultReasons;
import io.rootstock.trainer.plan.Extension;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.plan.MixtureRule;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.plan.Planner;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.plan.Shapes;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.Runs;
import io.rootstock.trainer.run.WorkerLauncher;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.MixturePlan;
import io.rootstock.trainer.v1.RunSpec;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plans and estimates runs; throws {@link RefusedSpecException} for an invalid spec. */
@ApplicationScoped
class RunPlanner {
    private final ArtifactStore store;
    private final DeviceTable devices;
    private final Calibration calibration;
    private final JavaWorkerLauncher launcher;
    private final WorkerLauncher workers;
    private final Runs runs;

    @Inject
    RunPlanner(
            ArtifactStore store,
            DeviceTable devices,
            Calibration calibration,
            JavaWorkerLauncher launcher,
            WorkerLauncher workers,
            Runs runs) {
        this.runs = runs;
        this.workers = workers;
        this.launcher = launcher;
        this.store = store;
        this.devices = devices;
        this.calibration = calibration;
    }

    /** Checks that the spec is valid and that the artifacts it names exist. */
    void check(RunSpec spec) {
        try {
            Set<GgufFile> _ = GgufFile.made(spec.getQuantizationsList());
        } catch (IllegalArgumentException e) {
            throw new RefusedSpecException("quantizations", e.getMessage());
        }
        RunDataset data = data(spec);
        DataFacts facts = facts(spec, data);
        Plan plan = plan(spec, facts, Optional.of(data));
        Optional<MixturePlan> _ = MixtureDraws.of(data, plan, facts.trainTokens());
        checkRanks("hyperparameters.ranks", plan.hyperparameters().getRanks());
    }

    /** Checks that the launcher can start {@code ranks} processes for a run. */
    void checkRanks(String field, int ranks) {
        Planner.checkRanks(field, ranks);
        // Remote workers have an MPICH of their own.
        if (ranks > 1 && !workers.isRemote()) {
            try {
                launcher.mpi().check();
            } catch (EngineMissingException e) {
                throw new RefusedSpecException(field, "of more than 1 requires MPICH: " + e.getMessage());
            }
        }
    }

    EstimateRunResponse estimate(EstimateRunRequest request) {
        RunSpec spec = request.getSpec();
        if (request.getParameters() < 0) {
            throw new RefusedSpecException("parameters", "must be 0 or more, was " + request.getParameters());
        }
        if (request.getParameters() > 0) {
            long tokens = requiredTokens(spec);
            Device device = device(request.getDevice(), spec, Machine.here(), null);
            return EstimateRunResponse.newBuilder()
                    .setEstimate(Estimator.estimate(request.getParameters(), tokens, device))
                    .build();
        }
        Optional<RunDataset> data =
                spec.getDatasetDigest().isEmpty() && !spec.hasMixture() ? Optional.empty() : Optional.of(data(spec));
        DataFacts facts = data.map(found -> facts(spec, found))
                .orElseGet(() -> DataFacts.hypothetical(requiredVocabulary(spec), requiredTokens(spec)));
        Plan plan = plan(spec, facts, data);
        Machine machine = Machine.here();
        Device device = device(request.getDevice(), spec, machine, plan);
        Optional<StepProbes.Probe> probe = request.getDevice().isEmpty()
                ? probe(request.getProbe(), machine, device, plan, facts)
                : Optional.empty();
        Estimate estimate = probe.map(seen -> Estimator.estimate(plan, facts, device, seen))
                .orElseGet(() -> Estimator.estimate(plan, facts, device));
        EstimateRunResponse.Builder response = EstimateRunResponse.newBuilder()
                .setEstimate(spec.getExtendedRunId().isEmpty() ? estimate : remaining(estimate, spec, plan, facts))
                .setArchitecture(plan.architecture())
                .setHyperparameters(plan.hyperparameters())
                .addAllDefaultReasons(
                        spec.getExtendedRunId().isEmpty()
                                ? DefaultReasons.of(spec.getHyperparameters(), plan, facts.trainRows())
                                : List.of());
        data.flatMap(found -> MixtureDraws.of(found, plan, estimate.getTokens()))
                .ifPresent(response::setMixture);
        return response.build();
    }

    /** Time and cost of the part that an extension adds. */
    private Estimate remaining(Estimate whole, RunSpec spec, Plan plan, DataFacts facts) {
        double share = 1 - Extension.trainedShare(plan, runs.extended(spec), facts, spec.getExtendedStep());
        return whole.toBuilder()
                .setSeconds(share * whole.getSeconds())
                .setDollars(share * whole.getDollars())
                .build();
    }

    private Plan plan(RunSpec spec, DataFacts facts, Optional<RunDataset> data) {
        Planner.checkTask(spec);
        if (!spec.getExtendedRunId().isEmpty()) {
            return Extension.plan(spec, runs.extended(spec), facts, Machine.here());
        }
        RunSpec complete = BaseFacts.withFileSize(store, AdapterFacts.withAdapterSettings(store, spec));
        return Planner.plan(complete, facts, base(spec, data), Machine.here());
    }

    /** Returns a new measurement if {@code wanted} and the plan fits into the memory, otherwise a cached one. */
    private Optional<StepProbes.Probe> probe(
            boolean wanted, Machine machine, Device device, Plan plan, DataFacts facts) {
        StepProbes probes = calibration.steps();
        boolean fits = machine.memoryBytes() == 0
                || Estimator.estimate(plan, facts, device).getMemoryBytes() <= machine.memoryBytes();
        return wanted && fits ? probes.of(machine, plan, facts) : probes.known(machine, plan, facts);
    }

    private RunDataset data(RunSpec spec) {
        Planner.checkTask(spec);
        return RunDataset.read(store, spec);
    }

    private DataFacts facts(RunSpec spec, RunDataset data) {
        ClassificationRule.checkLabels(
                spec.getHyperparameters(), data.manifest().labels());
        return DatasetFacts.of(store, data.manifest(), spec.getTask());
    }

    /** Returns the architecture of the base, whose tokenizer must be the data's. */
    private Optional<Architecture> base(RunSpec spec, Optional<RunDataset> data) {
        if (spec.getBaseDigest().isEmpty()) {
            return Optional.empty();
        }
        Digest digest = DatasetFacts.digest(spec.getBaseDigest(), "base_digest");
        RunDataset found = data.orElseThrow(
                () -> new RefusedSpecException("dataset_digest", "must be set for an estimate with a base"));
        try {
            Digest tokenizer = Digest.parse(found.manifest().tokenizerDigest());
            ModelShape shape = BaseFacts.shape(store, digest, tokenizer, MixtureRule.field(spec));
            BaseFacts.checkGguf(store, spec, shape);
            return Optional.of(Shapes.architecture(shape));
        } catch (NoSuchArtifactException e) {
            throw new RefusedSpecException("base_digest", "is not in the artifact store: " + digest);
        }
    }

    private Device device(String name, RunSpec spec, Machine machine, Plan plan) {
        if (!name.isEmpty()) {
            return devices.named(name).pricedAt(spec.getDollarsPerHour());
        }
        var precision = plan == null
                ? io.rootstock.trainer.v1.Precision.PRECISION_FLOAT32
                : plan.hyperparameters().getPrecision();
        int threads = plan == null ? machine.cores() : plan.hyperparameters().getThreads();
        return devices.machine(machine, precision, calibration.peak().flops(machine, precision, threads))
                .sharing(Calibration.freeShare(machine))
                .pricedAt(spec.getDollarsPerHour());
    }

    private static long requiredTokens(RunSpec spec) {
        long tokens = spec.getHyperparameters().getTokens();
        if (tokens <= 0) {
            throw new RefusedSpecException(
                    "hyperparameters.tokens", "must be above 0 for an estimate without a dataset, was " + tokens);
        }
        return tokens;
    }

    private static int requiredVocabulary(RunSpec spec) {
        int size = spec.getArchitecture().getVocabularySize();
        if (size < 2) {
            throw new RefusedSpecException(
                    "architecture.vocabulary_size", "must be set for an estimate without a dataset, was " + size);
        }
        return size;
    }
}
