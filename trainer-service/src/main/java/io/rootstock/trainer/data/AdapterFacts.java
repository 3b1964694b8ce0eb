package io.rootstock.trainer.data;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryManifest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.LoraSettings;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.TuningMethod;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads rank, alpha and targets of the adapter that a run starts from. */
public final class AdapterFacts {
    private static final String CONFIG = "adapter_config.json";

    private AdapterFacts() {}

    /** Returns the spec with its adapter's settings; rejects a spec with different values. */
    public static RunSpec withAdapterSettings(ArtifactStore store, RunSpec spec) {
        if (spec.getAdapterDigest().isEmpty()) {
            return spec;
        }
        Hyperparameters asked = spec.getHyperparameters();
        if (asked.getMethod() == TuningMethod.TUNING_METHOD_FULL) {
            throw new RefusedSpecException("adapter_digest", "is for method LORA");
        }
        PeftAdapter adapter = settings(store, DatasetFacts.digest(spec.getAdapterDigest(), "adapter_digest"));
        LoraSettings lora = asked.getLora();
        same("rank", !lora.hasRank() || lora.getRank() == adapter.rank(), adapter.rank());
        same("alpha", !lora.hasAlpha() || lora.getAlpha() == adapter.alpha(), adapter.alpha());
        same(
                "rank_stabilized",
                !lora.hasRankStabilized() || lora.getRankStabilized() == adapter.rankStabilized(),
                adapter.rankStabilized());
        same(
                "targets",
                lora.getTargetsCount() == 0
                        || (lora.getTargetsCount() == adapter.targets().size()
                                && adapter.targets().containsAll(lora.getTargetsList())),
                adapter.targets());
        return spec.toBuilder()
                .setHyperparameters(asked.toBuilder()
                        .setMethod(TuningMethod.TUNING_METHOD_LORA)
                        .setLora(lora.toBuilder()
                                .clearTargets()
                                .setRank(adapter.rank())
                                .setAlpha(adapter.alpha())
                                .setRankStabilized(adapter.rankStabilized())
                                .addAllTargets(adapter.targets())))
                .build();
    }

    private static void same(String field, boolean same, Object value) {
        if (!same) {
            throw new RefusedSpecException(
                    "hyperparameters.lora." + field, "must be empty or equal the adapter's value, which is " + value);
        }
    }

    private static PeftAdapter settings(ArtifactStore store, Digest digest) {
        try {
            Digest config = DirectoryManifest.read(store, digest).files().stream()
                    .filter(file -> file.path().equals(CONFIG))
                    .findFirst()
                    .orElseThrow(() -> new RefusedSpecException("adapter_digest", "has no " + CONFIG))
                    .digest();
            return PeftAdapter.readSettings(store.verified(config));
        } catch (NoSuchArtifactException e) {
            throw new RefusedSpecException("adapter_digest", "is not in the artifact store: " + digest);
        } catch (InvalidCheckpointException e) {
            throw new RefusedSpecException("adapter_digest", "is not a valid adapter: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the adapter " + digest, e);
        }
    }
}
