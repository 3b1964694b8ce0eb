package io.rootstock.registry.model;

import io.rootstock.artifacts.Digest;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionOrigin;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.trainer.v1.MixturePlan;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Validates the fields of a version that a client registers. */
final class VersionCheck {
    /** As many generations as a lineage shows. */
    private static final int MAX_ANCESTORS = 20;

    private static final int MAX_SOURCES = 256;

    private static final Pattern LICENSE = Pattern.compile("[A-Za-z0-9.+-]{0,64}");

    private VersionCheck() {}

    /** Returns the version without the fields that the registry sets; INVALID_ARGUMENT names an invalid field. */
    static Version checked(Version version) {
        requireKind(version);
        if (!version.getJob().isEmpty()) {
            throw Errors.invalidArgument("version.job", "must not be set: the registry sets it for its jobs");
        }
        requireName("datasets", version.getDataset(), "version.dataset");
        requireName("tokenizers", version.getTokenizer(), "version.tokenizer");
        requireDigest(version.getDatasetDigest(), "version.dataset_digest");
        requireDigest(version.getTokenizerDigest(), "version.tokenizer_digest");
        if (!LICENSE.matcher(version.getLicense()).matches()) {
            throw Errors.invalidArgument(
                    "version.license",
                    "must be an identifier such as apache-2.0: letters, digits, \".\", \"+\" and \"-\", at most 64");
        }
        Set<String> labels = new HashSet<>();
        for (int i = 0; i < version.getLabelsCount(); i++) {
            if (version.getLabels(i).isBlank() || !labels.add(version.getLabels(i))) {
                throw Errors.invalidArgument("version.labels[" + i + "]", "must not be blank or duplicate");
            }
        }
        for (Map.Entry<String, Double> metric : version.getMetricsMap().entrySet()) {
            if (metric.getKey().isBlank() || !Double.isFinite(metric.getValue())) {
                throw Errors.invalidArgument(
                        "version.metrics[" + metric.getKey() + "]", "needs a name and a finite value");
            }
        }
        Descriptions.require(version.getDescription(), "version.description");
        Tags.json(version.getTagsMap(), "version.tags");
        Descriptions.requireFew(version.getTagsCount(), "version.tags");
        requireOrigin(version);
        requireMixture(version);
        return version.toBuilder()
                .clearName()
                .clearCreateTime()
                .clearArchived()
                .clearPinned()
                .build();
    }

    private static void requireKind(Version version) {
        boolean labelled = version.getLabelsCount() > 0;
        switch (version.getKind()) {
            case VERSION_KIND_BASE, VERSION_KIND_INSTRUCT -> {
                if (labelled) {
                    throw Errors.invalidArgument("version.labels", "only a classifier has labels");
                }
            }
            case VERSION_KIND_CLASSIFIER -> {
                if (!labelled) {
                    throw Errors.invalidArgument("version.labels", "a classifier needs its labels in id order");
                }
            }
            case VERSION_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw Errors.invalidArgument("version.kind", "must be one of BASE, INSTRUCT and CLASSIFIER");
        }
    }

    private static void requireOrigin(Version version) {
        if (!version.hasOrigin()) {
            return;
        }
        VersionOrigin origin = version.getOrigin();
        RequestNames.parse(origin.getVersion(), "version.origin.version", VersionName::parse);
        if (origin.getAncestorsCount() > MAX_ANCESTORS) {
            throw Errors.invalidArgument(
                    "version.origin.ancestors",
                    "must be at most " + MAX_ANCESTORS + ", were " + origin.getAncestorsCount());
        }
        for (int i = 0; i < origin.getAncestorsCount(); i++) {
            RequestNames.parse(origin.getAncestors(i), "version.origin.ancestors[" + i + "]", VersionName::parse);
        }
        requireName("jobs", origin.getJob(), "version.origin.job");
    }

    private static void requireMixture(Version version) {
        if (!version.hasMixture()) {
            return;
        }
        if (!version.getDataset().isEmpty() || !version.getDatasetDigest().isEmpty()) {
            throw Errors.invalidArgument("version.dataset", "must be empty with a mixture");
        }
        MixturePlan mixture = version.getMixture();
        requireDigest(mixture.getDigest(), "version.mixture.digest");
        if (mixture.getSourcesCount() == 0 || mixture.getSourcesCount() > MAX_SOURCES) {
            throw Errors.invalidArgument(
                    "version.mixture.sources", "must be 1 to " + MAX_SOURCES + ", were " + mixture.getSourcesCount());
        }
        for (int i = 0; i < mixture.getSourcesCount(); i++) {
            String field = "version.mixture.sources[" + i + "]";
            requireName("datasets", mixture.getSources(i).getDataset(), field + ".dataset");
            requireDigest(mixture.getSources(i).getDatasetDigest(), field + ".dataset_digest");
        }
    }

    private static void requireName(String collection, String name, String field) {
        if (!name.isEmpty()) {
            RequestNames.id(collection, name, field);
        }
    }

    private static void requireDigest(String digest, String field) {
        if (digest.isEmpty()) {
            return;
        }
        try {
            Digest.parse(digest);
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument(field, e.getMessage());
        }
    }
}
