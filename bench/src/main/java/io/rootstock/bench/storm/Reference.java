package io.rootstock.bench.storm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.bench.kill.Patience;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.Artifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Final files of a run; equal for all runs of one spec.
 *
 * @param step step of the last checkpoint
 * @param checkpoint digests of the files of the last checkpoint
 * @param artifacts digests of the registered version
 */
record Reference(long step, Map<String, String> checkpoint, List<String> artifacts) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads the results of a succeeded job. */
    static Reference of(Patience patience, Path runs, Job job) {
        RunDirectory run = new RunDirectory(runs.resolve(job.getName().substring("jobs/".length())));
        long step = new Checkpoints(run.checkpoints()).steps().getFirst();
        Map<String, String> digests = new TreeMap<>();
        try {
            JsonNode index = JSON.readTree(run.checkpoints()
                    .resolve("step-" + step)
                    .resolve("checkpoint.json")
                    .toFile());
            index.path("digests")
                    .properties()
                    .forEach(file -> digests.put(file.getKey(), file.getValue().asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        GetVersionRequest request =
                GetVersionRequest.newBuilder().setName(job.getVersion()).build();
        List<String> artifacts =
                patience.call(clients -> clients.models().getVersion(request).getVersion()).getArtifactsList().stream()
                        .map(Artifact::getDigest)
                        .toList();
        return new Reference(step, digests, artifacts);
    }
}
