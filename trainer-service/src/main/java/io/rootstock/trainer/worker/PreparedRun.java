package io.rootstock.trainer.worker;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.trainer.data.AdapterFacts;
import io.rootstock.trainer.data.BaseFacts;
import io.rootstock.trainer.data.DatasetFacts;
import io.rootstock.trainer.data.QuantizedBase;
import io.rootstock.trainer.data.mixture.MixtureDraws;
import io.rootstock.trainer.data.mixture.RunDataset;
import io.rootstock.trainer.estimate.Calibration;
import io.rootstock.trainer.estimate.Device;
import io.rootstock.trainer.estimate.DeviceTable;
import io.rootstock.trainer.estimate.Estimator;
import io.rootstock.trainer.estimate.RunSpeed;
import io.rootstock.trainer.export.Exporter;
import io.rootstock.trainer.plan.ClassificationRule;
import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.plan.Extension;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.plan.MixtureRule;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.plan.Planner;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.plan.Shapes;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A run with its plan and its opened inputs.
 *
 * @param spec spec of the request, with the adapter's settings
 * @param dataset its dataset or mixture
 * @param plan its plan: created by the run's first worker, reused by later ones
 * @param resolved the plan as reported in events
 * @param device device of the training
 * @param speed record of its speed for later estimates
 * @param base the base model's files, for fine-tuning; empty if its weights stay quantized
 * @param quantizedBase the base's GGUF file if its weights stay quantized; the trained model closes it
 * @param normEpsilon added to the mean square in RMSNorm
 * @param adapter initial adapter, if the run starts from one
 * @param tokenizer directory of the dataset's tokenizer
 */
record PreparedRun(
        RunSpec spec,
        RunDataset dataset,
        Plan plan,
        RunResolved resolved,
        Device device,
        RunSpeed speed,
        Optional<HuggingFaceDirectory> base,
        Optional<QuantizedBase> quantizedBase,
        double normEpsilon,
        Optional<PeftAdapter> adapter,
        Path tokenizer) {

    /**
     * Reads spec, dataset and base, and resolves or reads the plan.
     *
     * @param ranks number of processes; overrides the spec
     * @param fromRank0 the plan that rank 0 has reported; empty on rank 0
     */
    static PreparedRun prepare(
            RunDirectory directory,
            ArtifactStore store,
            DeviceTable devices,
            Calibration calibration,
            int ranks,
            Optional<RunResolved> fromRank0) {
        RunSpec.Builder asked = directory.readSpec().toBuilder();
        asked.getHyperparametersBuilder().setRanks(ranks);
        RunSpec given = asked.build();
        Planner.checkTask(given);
        RunSpec spec = BaseFacts.withFileSize(store, AdapterFacts.withAdapterSettings(store, given));
        RunDataset dataset = RunDataset.read(store, spec);
        DatasetManifest manifest = dataset.manifest();
        ClassificationRule.checkLabels(spec.getHyperparameters(), manifest.labels());
        DataFacts facts = DatasetFacts.of(store, manifest, spec.getTask());
        Optional<ModelShape> shape = spec.getBaseDigest().isEmpty()
                ? Optional.empty()
                : Optional.of(BaseFacts.shape(
                        store,
                        DatasetFacts.digest(spec.getBaseDigest(), "base_digest"),
                        Digest.parse(manifest.tokenizerDigest()),
                        MixtureRule.field(spec)));
        Optional<QuantizedBase> quantizedBase = spec.getBaseGgufDigest().isEmpty()
                ? Optional.empty()
                : Optional.of(QuantizedBase.open(
                        store.verified(DatasetFacts.digest(spec.getBaseGgufDigest(), "base_gguf_digest"))));
        quantizedBase.ifPresent(file -> BaseFacts.requireSameShape(shape.orElseThrow(), file.shape()));
        Optional<HuggingFaceDirectory> base = spec.getBaseDigest().isEmpty() || quantizedBase.isPresent()
                ? Optional.empty()
                : Optional.of(base(store.materialize(
                        DatasetFacts.digest(spec.getBaseDigest(), "base_digest"),
                        directory.work().resolve("base"))));
        Optional<PeftAdapter> adapter = spec.getAdapterDigest().isEmpty()
                ? Optional.empty()
                : Optional.of(adapter(store.materialize(
                        DatasetFacts.digest(spec.getAdapterDigest(), "adapter_digest"),
                        directory.work().resolve("adapter"))));
        Path tokenizer = store.materialize(
                Digest.parse(manifest.tokenizerDigest()), directory.work().resolve("tokenizer"));
        Machine machine = Machine.here();
        Optional<RunResolved> known = fromRank0.or(directory::readResolved);
        Plan plan = known.isPresent()
                ? again(spec, known.get(), facts, machine)
                : directory
                        .readExtended()
                        .map(extended -> Extension.plan(spec, extended, facts, machine))
                        .orElseGet(() -> Planner.plan(spec, facts, shape.map(Shapes::architecture), machine));
        Hyperparameters values = plan.hyperparameters();
        double peak = known.map(resolved -> resolved.getEstimate().getPeakFlops())
                .orElseGet(() -> calibration.peak().flops(machine, values.getPrecision(), values.getThreads() * ranks));
        Device device = devices.machine(machine, values.getPrecision(), peak)
                .sharing(known.isPresent() ? 1 : Calibration.freeShare(machine))
                .pricedAt(spec.getDollarsPerHour());
        RunResolved resolved = known.orElseGet(() -> {
            Estimate estimate = calibration
                    .steps()
                    .of(machine, plan, facts)
                    .map(probe -> Estimator.estimate(plan, facts, device, probe))
                    .orElseGet(() -> Estimator.estimate(plan, facts, device));
            RunResolved.Builder created = RunResolved.newBuilder()
                    .setArchitecture(plan.architecture())
                    .setHyperparameters(values)
                    .setEstimate(estimate)
                    .setDevice(device.name());
            MixtureDraws.of(dataset, plan, estimate.getTokens()).ifPresent(created::setMixture);
            return created.build();
        });
        if (known.isEmpty()) {
            directory.writeResolved(resolved);
        }
        RunResolved reported = resolved.toBuilder().setHyperparameters(values).build();
        return new PreparedRun(
                spec,
                dataset,
                plan,
                reported,
                device,
                new RunSpeed(calibration, machine, plan, facts),
                base,
                quantizedBase,
                shape.map(ModelShape::normEpsilon).orElse(ModelShape.NORM_EPSILON),
                adapter,
                tokenizer);
    }

    private static HuggingFaceDirectory base(Path files) {
        try {
            return HuggingFaceDirectory.read(files);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the base model " + files, e);
        }
    }

    private static PeftAdapter adapter(Path files) {
        try {
            return PeftAdapter.read(files);
        } catch (InvalidCheckpointException e) {
            throw new RefusedSpecException("adapter_digest", e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the adapter " + files, e);
        }
    }

    private static Plan again(RunSpec spec, RunResolved known, DataFacts facts, Machine machine) {
        int classes = spec.getTask() == Task.TASK_CLASSIFICATION ? facts.classes() : 0;
        Architecture shape = known.getArchitecture();
        Hyperparameters asked = spec.getHyperparameters();
        Hyperparameters values = Planner.withRanks(known.getHyperparameters(), asked, asked.getRanks(), machine);
        return Planner.of(spec.getTask(), shape, classes, values, facts);
    }

    DatasetManifest manifest() {
        return dataset.manifest();
    }

    Hyperparameters values() {
        return plan.hyperparameters();
    }

    /** Shape of the trained model. */
    ModelShape shape() {
        return plan.shape().withNormEpsilon(normEpsilon);
    }

    /** Returns the configuration of the exported model; a base's special token ids are kept. */
    ModelConfig config() {
        return base.map(files -> files.config().withShape(shape()))
                .orElseGet(() -> new ModelConfig(
                        shape(),
                        tokenizerFiles().rule().bosId(),
                        List.of(tokenizerFiles().rule().eosId())));
    }

    /** Reads the dataset's tokenizer. */
    TokenizerFiles tokenizerFiles() {
        try {
            return TokenizerFiles.read(tokenizer);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the tokenizer " + tokenizer, e);
        }
    }

    /** The GGUF file of a quantized base, with which the adapters are trained and served. */
    Optional<Digest> sharedBase() {
        return quantizedBase.map(_ -> Digest.parse(spec.getBaseGgufDigest()));
    }

    /** Returns the trained model with all inputs of an export. */
    Exporter.Model exported(List<NamedTensor> tensors, Optional<PeftAdapter> trainedAdapter) {
        return new Exporter.Model(
                Gguf.name(spec.getModelName()),
                config(),
                tensors,
                trainedAdapter,
                tokenizer,
                base.flatMap(files -> HuggingFaceDirectory.generation(files.directory())),
                plan.classes() > 0 ? manifest().labels() : List.of(),
                Math.min(manifest().maxTokens(), config().shape().contextLength()));
    }
}
