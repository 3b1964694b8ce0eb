package io.rootstock.evaluator;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.ResolvedEvaluation;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.nio.file.Path;

/** A version with tiny weights, and its evaluations. */
public final class TestModels {
    public static final String VERSION = "models/tiny/versions/1";

    private TestModels() {}

    /** The packaged inference service. */
    public static Path inferenceJar() {
        return Path.of("../inference-service/target/quarkus-app/quarkus-run.jar")
                .toAbsolutePath()
                .normalize();
    }

    /** Stores the weights as GGUF file of the version. */
    public static Version version(ArtifactStore store, Path scratch, TinyModel model) {
        return version(store, model.write(scratch.resolve("tiny.gguf")));
    }

    public static Version version(ArtifactStore store, Path file) {
        return Version.newBuilder()
                .setName(VERSION)
                .setKind(VersionKind.VERSION_KIND_BASE)
                .setJob("jobs/made-here")
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                        .setDigest(store.putFile(file).value()))
                .build();
    }

    /** An evaluation of the version's first artifact. */
    public static Evaluation evaluation(String name, Version version, EvaluationSpec.Builder spec) {
        return Evaluation.newBuilder()
                .setName(name)
                .setSpec(spec.setVersion(version.getName()).setSuite("suites/kinds"))
                .setResolved(ResolvedEvaluation.newBuilder()
                        .setVersion(version.getName())
                        .setSuiteRevision("suites/kinds/revisions/1")
                        .setArtifact(version.getArtifacts(0)))
                .build();
    }
}
