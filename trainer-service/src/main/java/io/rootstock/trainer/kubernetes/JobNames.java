package io.rootstock.trainer.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/** Names and labels of the Jobs. */
final class JobNames {
    /** Label of the run: its id, or a digest of an id that is not valid in names. */
    static final String RUN = "rootstock.io/run";

    /** Label of the attempt's number. */
    static final String ATTEMPT = "rootstock.io/attempt";

    /** Label of the number of processes, of pods with several; network policies select it. */
    static final String RANKS = "rootstock.io/ranks";

    /** Annotation with the run's id. */
    static final String RUN_ID = "rootstock.io/run-id";

    /** Label of all objects of this launcher. */
    static final Map<String, String> MANAGED = Map.of("app.kubernetes.io/managed-by", "rootstock-trainer");

    private static final Pattern VALID = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");
    private static final int DIGEST_CHARACTERS = 32;

    private JobNames() {}

    /** Value of the label {@link #RUN}, at most 40 characters. */
    static String label(String runId) {
        return VALID.matcher(runId).matches() ? runId : digest(runId);
    }

    /** Name of an attempt's Job; with the index and suffix of its pods it is a DNS label of at most 63 characters. */
    static String job(String runId, int attempt) {
        return "run-" + label(runId) + "-" + attempt;
    }

    /** Number of a Job's attempt; 0 without a valid label. */
    static int attempt(HasMetadata job) {
        String label = job.getMetadata().getLabels().getOrDefault(ATTEMPT, "");
        return label.matches("[0-9]{1,9}") ? Integer.parseInt(label) : 0;
    }

    private static String digest(String runId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(runId.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGEST_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
